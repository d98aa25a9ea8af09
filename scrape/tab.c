/* scrape/tab.c: what a tab does at each message. Its calls go out one after another; the reply
 * that it waits for is known by its number, all others say nothing new. */
#include "scrape/tab.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/base64.h"
#include "base/json_out.h"
#include "base/utc.h"
#include "scrape/block.h"
#include "scrape/redirect.h"

#define STREAM_CHUNK (256 << 10)
#define WHOLE_MAX (1 << 20)      // a body whose declared length is above comes as a stream
#define SHOWN_MS 10000           // what the renderer gets to say that all has come
/* What Fetch does not pause: sockets, beacons, and all that a worker asks for. Through a proxy the
 * names of other hosts are known. */
#define POLICY "connect-src 'none'"
/* No policy that Chromium 156 obeys is for calls of one browser to another. */
#define NO_CALLS "delete window.RTCPeerConnection; delete window.webkitRTCPeerConnection;"

static int64_t call(struct tab *t, const char *method, const char *params)
{
    return cdp_call(t->cdp, buf_view(&t->session), method, str_of(params));
}

static void open_params(struct json_out *o, struct buf *text)
{
    *o = (struct json_out){ .buf = text, .style = JSON_COMPACT };
    json_open(o, NULL);
}

static int64_t call_open(struct tab *t, const char *method, struct json_out *o)
{
    int64_t n;

    json_close(o);
    n = cdp_call(t->cdp, buf_view(&t->session), method, buf_view(o->buf));
    buf_release(o->buf);
    return n;
}

/* A call about what is paused under this number. */
static int64_t call_paused(struct tab *t, const char *method, struct str request)
{
    struct buf text = { 0 };
    struct json_out o;

    open_params(&o, &text);
    json_put_text(&o, "requestId", request);
    return call_open(t, method, &o);
}

static int64_t call_flag(struct tab *t, const char *method, const char *key, bool yes)
{
    struct buf text = { 0 };
    int64_t n;

    cdp_flag(&text, key, yes);
    n = call(t, method, buf_cstr(&text));
    buf_release(&text);
    return n;
}

/* ---- making ready ---- */

void tab_attach(struct tab *t, struct str target)
{
    struct buf text = { 0 };
    struct json_out o;

    buf_clear(&t->target);
    buf_str(&t->target, target);
    open_params(&o, &text);
    json_put_text(&o, "targetId", target);
    json_put_bool(&o, "flatten", true);
    json_close(&o);
    t->awaits = cdp_call(t->cdp, STR_NONE, "Target.attachToTarget", buf_view(&text));
    t->state = TAB_ATTACHING;
    buf_release(&text);
}

/* What is paused: every request, and of documents the response. */
static int64_t enable_fetch(struct tab *t)
{
    struct buf text = { 0 };
    struct json_out o;

    open_params(&o, &text);
    json_open_list(&o, "patterns");
    json_open(&o, NULL);
    json_put_word(&o, "urlPattern", "*");
    json_put_word(&o, "requestStage", "Request");
    json_close(&o);
    json_open(&o, NULL);
    json_put_word(&o, "urlPattern", "*");
    json_put_word(&o, "resourceType", "Document");
    json_put_word(&o, "requestStage", "Response");
    json_close(&o);
    json_close(&o);
    json_put_bool(&o, "handleAuthRequests", t->user != NULL);
    return call_open(t, "Fetch.enable", &o);
}

/* The browser asks for it by itself, past what is paused. */
static void block_icon(struct tab *t)
{
    struct buf text = { 0 };
    struct json_out o;

    open_params(&o, &text);
    json_open_list(&o, "urls");
    json_put_word(&o, NULL, "*/favicon.ico");
    json_close(&o);
    (void)call_open(t, "Network.setBlockedURLs", &o);
}

/* It need not keep the bodies that it saw: they are taken on their way. */
static void enable_network(struct tab *t)
{
    struct buf text = { 0 };
    struct json_out o;

    open_params(&o, &text);
    json_put_int(&o, "maxTotalBufferSize", 1);
    json_put_int(&o, "maxResourceBufferSize", 1);
    (void)call_open(t, "Network.enable", &o);
}

static int64_t forbid_calls(struct tab *t)
{
    struct buf text = { 0 };
    int64_t n;

    cdp_word(&text, "source", NO_CALLS);
    n = call(t, "Page.addScriptToEvaluateOnNewDocument", buf_cstr(&text));
    buf_release(&text);
    return n;
}

/* All must have answered before a page is asked for, else the end of the first one goes unheard
 * and with it whether all of it came. Two answer, each in its own order: the browser, and the
 * renderer, which is the later one. */
static void attached(struct tab *t, const struct cdp_message *m)
{
    struct str session;

    if (!json_text(json_get(m->body, "sessionId"), &session)) {
        t->state = TAB_DEAD;
        return;
    }
    buf_clear(&t->session);
    buf_str(&t->session, session);
    enable_network(t);
    call(t, "Page.enable", "{}");
    call(t, "Inspector.enable", "{}");
    (void)call_flag(t, "Emulation.setScriptExecutionDisabled", "value", true);
    (void)call_flag(t, "Network.setBypassServiceWorker", "bypass", true);    // a page as served
    block_icon(t);
    t->awaits = enable_fetch(t);
    t->state = TAB_ENABLING;
}

static void fetch_enabled(struct tab *t, const struct cdp_message *m)
{
    t->state = m->error.n ? TAB_DEAD : TAB_FORBIDDING;
    t->awaits = m->error.n ? 0 : forbid_calls(t);
}

static void dismiss_dialog(struct tab *t)
{
    (void)call_flag(t, "Page.handleJavaScriptDialog", "accept", false);
}

/* ---- a page ---- */

static void forget_reply(struct tab *t)
{
    struct buf *const texts[] = { &t->paused, &t->stream, &t->head,     &t->cookies,
                                  &t->body,   &t->coding, &t->protocol, &t->tls };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        buf_clear(texts[i]);
    t->status = 0;
    t->declared = -1;
    t->fault = HTTP_OK;
    t->fault_text[0] = t->peer[0] = '\0';
    t->wire = -1;
    t->is_challenge = false;
}

static void navigate(struct tab *t)
{
    struct buf text = { 0 };
    struct json_out o;

    forget_reply(t);
    t->sent_at = utc_now();
    open_params(&o, &text);
    json_put_text(&o, "url", buf_view(&t->url));
    t->awaits = call_open(t, "Page.navigate", &o);
    t->state = TAB_ASKED;
}

void tab_ask(struct tab *t, const struct http_request *q, int64_t limit_ms)
{
    buf_clear(&t->url);
    buf_puts(&t->url, q->url);
    t->body_max = q->body_max;
    t->who = q->user;
    t->challenges = t->tries_of_proxy = 0;
    t->started_ms = utc_real_ms();
    t->limit_ms = limit_ms;
    navigate(t);
}

static void done(struct tab *t)
{
    t->state = TAB_DONE;
    t->awaits = 0;
}

static void fail(struct tab *t, enum http_fault fault, const char *text)
{
    t->fault = fault;
    snprintf(t->fault_text, sizeof t->fault_text, "%.150s", text);
    done(t);
}

/* ---- the document, paused ---- */

static struct str text_of(const struct json *object, const char *key)
{
    struct str text = STR_NONE;

    (void)json_text(json_get(object, key), &text);
    return text;
}

#define OURS "X-Orig-"    // begins the name of what the browser took off

/* Status line and headers as they came. What the browser took off is named as such: the body is
 * decoded, and this head is that of the decoded body. A site's own header of such a name is named
 * so that nobody takes it for ours. */
static void take_head(struct tab *t, const struct json *headers)
{
    buf_printf(&t->head, "HTTP/1.1 %d\r\n", t->status);
    for (const struct json *h = json_first(headers); h; h = json_next(h)) {
        const struct str name = text_of(h, "name"), value = text_of(h, "value");
        const bool coding = str_eq_nocase(name, STR("content-encoding"));

        if (str_eq_nocase(name, STR("set-cookie")))
            buf_printf(&t->cookies, "%.*s: %.*s\n", STR_ARG(name), STR_ARG(value));
        if (str_eq_nocase(name, STR("set-cookie")) ||
            str_eq_nocase(name, STR("transfer-encoding")))
            continue;
        if (coding)
            buf_str(&t->coding, value);
        if (str_eq_nocase(name, STR("content-length")) && !str_i64(value, &t->declared))
            t->declared = -1;
        if (coding || str_eq_nocase(name, STR("content-length")) ||
            str_starts_nocase(name, STR(OURS)))
            buf_puts(&t->head, OURS);
        buf_printf(&t->head, "%.*s: %.*s\r\n", STR_ARG(name), STR_ARG(value));
    }
}

static bool is_redirect(const struct tab *t)
{
    return t->status >= 300 && t->status < 400 && t->status != 304;
}

/* A stream tells neither truncation nor a broken coding, so that it is for a length alone that
 * can be held against what came. */
static void ask_body(struct tab *t)
{
    const struct str paused = buf_view(&t->paused);

    t->state = TAB_BODY;
    if (t->declared > WHOLE_MAX && !t->coding.n)
        t->awaits = call_paused(t, "Fetch.takeResponseBodyAsStream", paused);
    else
        t->awaits = call_paused(t, "Fetch.getResponseBody", paused);
}

static void end_paused(struct tab *t, struct str request, const char *reason)
{
    struct buf text = { 0 };
    struct json_out o;

    open_params(&o, &text);
    json_put_text(&o, "requestId", request);
    json_put_word(&o, "errorReason", reason);
    (void)call_open(t, "Fetch.failRequest", &o);
}

static void refuse(struct tab *t, struct str request) { end_paused(t, request, "BlockedByClient"); }

/* Of a document of which nothing more is wanted: no page of an error, which would be shown by a
 * process of its own, takes its place. */
static void abandon(struct tab *t, struct str request) { end_paused(t, request, "Aborted"); }

static void document_came(struct tab *t, const struct json *p, struct str request)
{
    int64_t status = 0;

    (void)json_i64(json_get(p, "responseStatusCode"), &status);
    if (text_of(p, "responseErrorReason").n) {
        buf_clear(&t->paused);
        buf_str(&t->paused, text_of(p, "responseErrorReason"));
        abandon(t, request);
        fail(t, HTTP_CONNECT, buf_cstr(&t->paused));
        return;
    }
    forget_reply(t);
    t->status = (int)status;
    buf_str(&t->paused, request);
    take_head(t, json_get(p, "responseHeaders"));
    if (is_redirect(t) || t->declared > (int64_t)t->body_max) {
        abandon(t, request);
        if (!is_redirect(t))
            fail(t, HTTP_TOO_LARGE, "the page is longer than what is read");
        else
            done(t);
        return;
    }
    ask_body(t);
}

/* The document's request goes out: what is said under its number is said of it. What stands behind
 * the "?" may be a challenge's own. */
static void begin(struct tab *t, struct str url, struct str network)
{
    buf_clear(&t->url);
    buf_str(&t->url, url);
    buf_clear(&t->sent);
    buf_clear(&t->net);
    buf_str(&t->net, network);
    t->sent_at = utc_now();
}

/* Through a proxy other hosts are known too. */
static bool is_of_site(const struct tab *t, struct str url)
{
    struct url u;

    if (!url_split(url, &u))
        return false;
    for (size_t i = 0; t->host[i]; i++)
        if (str_eq_nocase(url_name(&u), str_of(t->host[i])))
            return true;
    return false;
}

/* A page that was here before may load something once more, by itself, when another one is asked
 * for; a challenge that leads elsewhere solves nothing. */
static void document(struct tab *t, const struct json *p, struct str request)
{
    const bool in_tab = str_eq(text_of(p, "frameId"), buf_view(&t->target));    // in no frame of it
    const struct str url = text_of(json_get(p, "request"), "url");
    const bool asked = in_tab && url_same_page(url, buf_view(&t->url));
    const bool came = json_get(p, "responseStatusCode") || json_get(p, "responseErrorReason");

    if (!asked || (t->state != TAB_ASKED && t->state != TAB_SOLVES)) {
        abandon(t, request);
        if (in_tab && t->state == TAB_SOLVES)
            fail(t, HTTP_BROKEN, "the challenge leads to another address");
    } else if (came) {
        document_came(t, p, request);
    } else {
        begin(t, url, text_of(p, "networkId"));
        (void)call_paused(t, "Fetch.continueRequest", request);
    }
}

/* What the page may load: itself, and while a challenge runs its scripts. */
static void paused(struct tab *t, const struct json *p)
{
    const struct str request = text_of(p, "requestId"), type = text_of(p, "resourceType");

    if (str_eq(type, STR("Document")))
        document(t, p, request);
    else if (t->state == TAB_SOLVES && str_eq(type, STR("Script")) &&
             is_of_site(t, text_of(json_get(p, "request"), "url")))
        (void)call_paused(t, "Fetch.continueRequest", request);
    else
        refuse(t, request);
}

/* ---- the body ---- */

static void put_header(struct json_out *o, struct str name, struct str value)
{
    json_open(o, NULL);
    json_put_text(o, "name", name);
    json_put_text(o, "value", value);
    json_close(o);
}

/* A challenge keeps its own policy beside ours: each forbids what it forbids. */
static void put_headers(struct tab *t, struct json_out *o)
{
    struct str rest = buf_view(&t->head), cookies = buf_view(&t->cookies), line, name;

    json_open_list(o, "responseHeaders");
    str_cut(&rest, '\n', &line);
    while (str_cut(&rest, '\n', &line)) {
        line = str_trim(line);
        if (str_cut(&line, ':', &name) && !str_starts(name, STR(OURS)))
            put_header(o, name, str_trim(line));
    }
    while (str_cut(&cookies, '\n', &line))
        if (str_cut(&line, ':', &name))
            put_header(o, name, str_trim(line));
    if (t->is_challenge)
        put_header(o, STR("Content-Security-Policy"), STR(POLICY));
    json_close(o);
}

/* The body that we have, as the reply to what is paused. */
static void fulfil(struct tab *t, struct str request)
{
    struct buf text = { 0 }, b64 = { 0 };
    struct json_out o;

    base64_put(&b64, buf_view(&t->body));
    open_params(&o, &text);
    json_put_text(&o, "requestId", request);
    json_put_int(&o, "responseCode", t->status);
    put_headers(t, &o);
    json_put_text(&o, "body", buf_view(&b64));
    (void)call_open(t, "Fetch.fulfillRequest", &o);
    buf_release(&b64);
}

/* Lets the document go on to the renderer. What came as a stream is given back whole, and so is a
 * challenge: a policy that is added to a response on its way (Fetch.continueResponse) is shown and
 * not obeyed (Chromium 156). */
static void show(struct tab *t)
{
    if (t->stream.n || t->is_challenge)
        fulfil(t, buf_view(&t->paused));
    else
        (void)call_paused(t, "Fetch.continueResponse", buf_view(&t->paused));
    if (t->is_challenge || t->stream.n || t->body.n == 0) {
        done(t);
    } else {
        t->state = TAB_SHOWN;
        t->shown_ms = utc_real_ms();
        t->awaits = 0;
    }
}

/* Scripts run in challenges alone. The renderer must have answered before it has the page. */
static void arm_and_show(struct tab *t)
{
    if (t->scripts == t->is_challenge) {
        show(t);
        return;
    }
    t->scripts = t->is_challenge;
    t->state = TAB_ARMS;
    t->awaits = call_flag(t, "Emulation.setScriptExecutionDisabled", "value", !t->scripts);
}

/* false: surely not; what is coded shows only when the renderer has read it. */
static bool has_its_length(const struct tab *t)
{
    return t->declared < 0 || (t->coding.n ? t->body.n > 0 || t->declared == 0
                                           : (int64_t)t->body.n == t->declared);
}

static void body_whole(struct tab *t)
{
    if (!has_its_length(t)) {
        abandon(t, buf_view(&t->paused));
        fail(t, HTTP_BROKEN, "the page ended before its end");
        return;
    }
    t->is_challenge = t->status < 500 && block_body(buf_view(&t->body)) == NO_ANSWER_CHALLENGE;
    t->challenges += t->is_challenge;
    if (t->is_challenge && t->challenges >= TAB_CHALLENGES_MAX) {
        abandon(t, buf_view(&t->paused));
        done(t);
    } else {
        arm_and_show(t);
    }
}

static void read_stream(struct tab *t)
{
    struct buf text = { 0 };
    struct json_out o;

    open_params(&o, &text);
    json_put_text(&o, "handle", buf_view(&t->stream));
    json_put_int(&o, "size", STREAM_CHUNK);
    t->awaits = call_open(t, "IO.read", &o);
}

/* A body, or a piece of one. */
static bool take_data(struct tab *t, const struct json *body, const char *key)
{
    bool is_base64 = false;
    const struct str data = text_of(body, key);

    (void)json_bool(json_get(body, "base64Encoded"), &is_base64);
    if (is_base64)
        return base64_take(&t->body, data) == 0;
    buf_str(&t->body, data);
    return true;
}

static void body_came(struct tab *t, const struct cdp_message *m)
{
    const bool streams = t->stream.n > 0;
    bool last = !streams;
    struct str stream;

    if (m->error.n) {
        fail(t, HTTP_BROKEN, "the page ended before its end");
        return;
    }
    if (!streams && json_text(json_get(m->body, "stream"), &stream)) {
        buf_str(&t->stream, stream);
        read_stream(t);
        return;
    }
    if (!take_data(t, m->body, streams ? "data" : "body")) {
        fail(t, HTTP_BROKEN, "the page came garbled");
        return;
    }
    if (streams)
        (void)json_bool(json_get(m->body, "eof"), &last);
    if (t->body.n > t->body_max) {
        abandon(t, buf_view(&t->paused));
        fail(t, HTTP_TOO_LARGE, "the page is longer than what is read");
    } else if (last) {
        body_whole(t);
    } else {
        read_stream(t);
    }
}

/* ---- what else the tab says ---- */

/* Request headers as they were really sent; cookies stay with us. */
static void sent(struct tab *t, const struct json *p)
{
    const struct json *headers = json_get(p, "headers");
    struct str method = STR("GET"), target = STR("/");
    ptrdiff_t host, path;

    if (t->sent.n || !str_eq(text_of(p, "requestId"), buf_view(&t->net)))
        return;
    host = str_find(buf_view(&t->url), STR("://"), 0);
    path = host < 0 ? -1 : str_find(buf_view(&t->url), STR("/"), (size_t)host + 3);
    if (path >= 0)
        target = str_sub(buf_view(&t->url), (size_t)path, t->url.n);
    buf_printf(&t->sent, "%.*s %.*s HTTP/1.1\r\n", STR_ARG(method), STR_ARG(target));
    for (const struct json *h = json_first(headers); h; h = json_next(h)) {
        struct str value = STR_NONE;
        const struct str name = json_key(h);

        if (str_eq_nocase(name, STR("cookie")) || str_starts(name, STR(":")) ||
            !json_text(h, &value))
            continue;
        buf_printf(&t->sent, "%.*s: %.*s\r\n", STR_ARG(name), STR_ARG(value));
    }
    buf_puts(&t->sent, "\r\n");
}

static void response(struct tab *t, const struct json *p)
{
    const struct json *r = json_get(p, "response");

    if (!str_eq(text_of(p, "requestId"), buf_view(&t->net)))
        return;
    if (!t->through_proxy && text_of(r, "remoteIPAddress").n)
        snprintf(t->peer, sizeof t->peer, "%.*s", STR_ARG(text_of(r, "remoteIPAddress")));
    buf_clear(&t->protocol);
    buf_str(&t->protocol, text_of(r, "protocol"));
    buf_clear(&t->tls);
    buf_str(&t->tls, text_of(json_get(r, "securityDetails"), "protocol"));
}

static void loading_failed(struct tab *t, const struct json *p)
{
    const struct str id = text_of(p, "requestId"), text = text_of(p, "errorText");

    if (t->state >= TAB_BODY && t->state <= TAB_SHOWN && str_eq(id, buf_view(&t->net))) {
        char said[120];

        snprintf(said, sizeof said, "%.*s", STR_ARG(text));
        /* What is no document is not rendered, and its end not seen. */
        if (t->state == TAB_SHOWN && str_eq(text, STR("net::ERR_ABORTED")) && t->declared >= 0 &&
            !t->coding.n)
            done(t);
        else
            fail(t, HTTP_BROKEN, said);
    }
}

static void loading_finished(struct tab *t, const struct json *p)
{
    double bytes = -1;

    if (t->state != TAB_SHOWN || !str_eq(text_of(p, "requestId"), buf_view(&t->net)))
        return;
    if (json_double(json_get(p, "encodedDataLength"), &bytes) && bytes >= 0)
        t->wire = (int64_t)bytes;
    done(t);
}

/* Name and password go to the proxy alone, once a page; a site that asks for them gets none. */
static void proxy_asks(struct tab *t, const struct json *p)
{
    const struct str source = text_of(json_get(p, "authChallenge"), "source");
    const bool gives = t->user && str_eq(source, STR("Proxy")) && t->tries_of_proxy++ == 0;
    struct buf text = { 0 };
    struct json_out o;

    open_params(&o, &text);
    json_put_text(&o, "requestId", text_of(p, "requestId"));
    json_open(&o, "authChallengeResponse");
    json_put_word(&o, "response", gives ? "ProvideCredentials" : "CancelAuth");
    if (gives) {
        json_put_word(&o, "username", t->user);
        json_put_word(&o, "password", t->password);
    }
    json_close(&o);
    (void)call_open(t, "Fetch.continueWithAuth", &o);
}

static void event(struct tab *t, const struct cdp_message *m)
{
    const struct str method = m->method;

    if (str_eq(method, STR("Fetch.requestPaused")))
        paused(t, m->body);
    else if (str_eq(method, STR("Network.requestWillBeSentExtraInfo")))
        sent(t, m->body);
    else if (str_eq(method, STR("Network.responseReceived")))
        response(t, m->body);
    else if (str_eq(method, STR("Network.loadingFinished")))
        loading_finished(t, m->body);
    else if (str_eq(method, STR("Fetch.authRequired")))
        proxy_asks(t, m->body);
    else if (str_eq(method, STR("Network.loadingFailed")))
        loading_failed(t, m->body);
    else if (str_eq(method, STR("Page.javascriptDialogOpening")))
        dismiss_dialog(t);
    else if (str_eq(method, STR("Inspector.targetCrashed")))
        t->state = TAB_DEAD;
}

static void navigated(struct tab *t, const struct cdp_message *m)
{
    const struct str text = m->error.n ? m->error : text_of(m->body, "errorText");

    t->awaits = 0;
    if (t->state == TAB_ASKED && text.n) {
        char said[120];

        snprintf(said, sizeof said, "%.*s", STR_ARG(text));
        fail(t, str_find(text, STR("NAME_NOT_RESOLVED"), 0) >= 0 ? HTTP_DNS
                : str_find(text, STR("CERT"), 0) >= 0 || str_find(text, STR("SSL"), 0) >= 0
                    ? HTTP_TLS
                    : HTTP_CONNECT,
             said);
    }
}

static void armed(struct tab *t, const struct cdp_message *m)
{
    if (m->error.n)
        fail(t, HTTP_BROKEN, "the browser does not switch scripts off and on");
    else
        show(t);
}

void tab_hears(struct tab *t, const struct cdp_message *m)
{
    if (m->id == 0) {
        event(t, m);
        return;
    }
    if (m->id != t->awaits)
        return;
    switch (t->state) {
    case TAB_ATTACHING: attached(t, m); break;
    case TAB_ENABLING: fetch_enabled(t, m); break;
    case TAB_FORBIDDING: t->state = m->error.n ? TAB_DEAD : TAB_IDLE; break;
    case TAB_ASKED: navigated(t, m); break;
    case TAB_BODY: body_came(t, m); break;
    case TAB_ARMS: armed(t, m); break;
    default: break;
    }
}

void tab_time(struct tab *t)
{
    const int64_t now = utc_real_ms();

    if (t->state < TAB_ASKED || t->state > TAB_SOLVES)
        return;
    if (t->state == TAB_SHOWN && now - t->shown_ms > SHOWN_MS)
        done(t);
    else if (now - t->started_ms > t->limit_ms)
        fail(t, HTTP_TIMEOUT, "the page did not come in time");
}

void tab_goes_on(struct tab *t)
{
    t->state = TAB_SOLVES;
    t->started_ms = utc_real_ms();
}

bool tab_may_go_on(const struct tab *t)
{
    return t->is_challenge && t->challenges < TAB_CHALLENGES_MAX && t->fault == HTTP_OK;
}

/* The head that we hand out is that of the decoded body. */
static void end_head(struct tab *t)
{
    if (!t->head.n || str_ends(buf_view(&t->head), STR("\r\n\r\n")))
        return;
    buf_printf(&t->head, "Content-Length: %zu\r\n\r\n", t->body.n);
}

void tab_exchange(struct tab *t, const char *product, struct http_exchange *x)
{
    end_head(t);
    t->by = (struct http_by){ .product = product,
                              .coding = buf_view(&t->coding),
                              .protocol = buf_view(&t->protocol),
                              .tls = buf_view(&t->tls),
                              .wire = t->wire,
                              .withheld = !t->is_challenge };
    *x = (struct http_exchange){ .user = t->who,
                                 .url = buf_cstr(&t->url),
                                 .fault = t->fault,
                                 .status = t->fault ? 0 : t->status,
                                 .sent_at = t->sent_at,
                                 .done_at = utc_now(),
                                 .took_us = (utc_real_ms() - t->started_ms) * 1000,
                                 .request_head = buf_view(&t->sent),
                                 .head = t->fault ? STR_NONE : buf_view(&t->head),
                                 .body = t->fault ? STR_NONE : buf_view(&t->body),
                                 .by = &t->by,
                                 .http_version = 11 };
    snprintf(x->fault_text, sizeof x->fault_text, "%s", t->fault_text);
    snprintf(x->peer, sizeof x->peer, "%s", t->peer);
}

void tab_release(struct tab *t)
{
    forget_reply(t);
    buf_release(&t->target);
    buf_release(&t->session);
    buf_release(&t->url);
    buf_release(&t->paused);
    buf_release(&t->net);
    buf_release(&t->stream);
    buf_release(&t->sent);
    buf_release(&t->head);
    buf_release(&t->cookies);
    buf_release(&t->body);
    buf_release(&t->coding);
    buf_release(&t->protocol);
    buf_release(&t->tls);
}
