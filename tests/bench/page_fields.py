"""What the Python clients of the bench read: the same fields as record/fields.def."""

TEXTS = ("username", "description", "hashtag_names", "author_name", "location_created", "text_language", "music_title")
NUMBERS = ("created_at", "music_id", "video_duration", "view_count", "like_count", "comment_count", "share_count",
           "favorites_count")


def record(state):
    """The state of a page, parsed -> a dict of its post's fields, or None."""
    scope = state["__DEFAULT_SCOPE__"]
    detail = scope.get("webapp.video-detail") or {}
    item = (detail.get("itemInfo") or {}).get("itemStruct")
    if detail.get("statusCode") != 0 or not item:
        return None
    author = item.get("author") or {}
    music = item.get("music") or {}
    video = item.get("video") or {}
    stats = item.get("stats") or {}
    stats = {**stats, **(item.get("statsV2") or {})}
    extra = item.get("textExtra") or []
    challenges = item.get("challenges") or []
    tags = dict.fromkeys(c["title"] for c in challenges)
    tags.update(dict.fromkeys(e["hashtagName"] for e in extra if e.get("hashtagName")))
    return {
        "id": int(item["id"]),
        "region": scope["webapp.app-context"].get("region"),
        "created_at": int(item["createTime"]),
        "username": author.get("uniqueId"),
        "description": item.get("desc"),
        "music_id": int(music["id"]) if music.get("id") else 0,
        "video_duration": video.get("duration") or 0,
        "hashtag_names": "\n".join(tags),
        "hashtag_ids": [c["id"] for c in challenges],
        "mentions": [e["userUniqueId"] for e in extra if e.get("type") == 0 and e.get("userUniqueId")],
        "playlist_id": item.get("playlistId"),
        "effect_ids": [e["ID"] for e in item.get("effectStickers") or []],
        "view_count": int(stats.get("playCount") or 0),
        "like_count": int(stats.get("diggCount") or 0),
        "comment_count": int(stats.get("commentCount") or 0),
        "share_count": int(stats.get("shareCount") or 0),
        "favorites_count": int(stats.get("collectCount") or 0),
        "repost_count": int(stats.get("repostCount") or 0),
        "author_id": author.get("id"),
        "author_name": author.get("nickname"),
        "author_verified": author.get("verified"),
        "author_private": author.get("privateAccount") or author.get("secret"),
        "author_ad_virtual": author.get("isADVirtual"),
        "location_created": item.get("locationCreated"),
        "poi_country": (item.get("poi") or {}).get("countryCode"),
        "text_language": item.get("textLanguage"),
        "is_photo": "imagePost" in item,
        "music_title": music.get("title"),
        "music_copyrighted": music.get("isCopyrighted"),
        "is_ad": item.get("isAd"),
        "ad_authorization": item.get("adAuthorization"),
        "ad_label_version": item.get("adLabelVersion"),
        "brand_organic_type": item.get("brandOrganicType"),
        "ba_info": item.get("BAInfo"),
        "is_shop_video": item.get("isECVideo"),
        "anchor_types": [a["type"] for a in item.get("anchors") or []],
        "is_commerce_hashtag": any(c.get("isCommerce") for c in challenges),
        "private_item": item.get("privateItem"),
        "secret": item.get("secret"),
        "for_friend": item.get("forFriend"),
        "take_down": item.get("takeDown"),
        "is_reviewing": item.get("isReviewing"),
        "content_classified": item.get("isContentClassified"),
        "mask_type": item.get("maskType"),
        "aigc_label": item.get("aigcLabelType"),
        "warn_info": item.get("warnInfo"),
    }


def summed(fields):
    """What the benches compare, so that all clients show that they did the same job."""
    return (fields["id"] + sum(len((fields[name] or "").encode()) for name in TEXTS)
            + sum(fields[name] for name in NUMBERS)) % (1 << 64)


def peak_kb():
    """Peak memory of this process."""
    with open("/proc/self/status", encoding="ascii") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
