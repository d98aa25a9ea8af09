/* audit/keep/seal.h: what vouches for the manifest of a bundle: the signature of who made it, by
 * their SSH key, and time stamps of authorities (RFC 3161). Both are over the manifest's bytes,
 * which names every other file with its digest, so they stand for all of it.
 *
 * Shape:   beside the manifest lie manifest.sha256.sig (armored, as ssh-keygen -Y sign writes
 *          it, namespace blindspot-manifest), and for the n-th authority manifest.sha256.N.tsq,
 *          what it was asked, and manifest.sha256.N.tsr, what it answered, with its chain.
 * Privacy: an authority learns the digest of the manifest and a random number. The token proves
 *          itself by its signature and the number, so http:// is taken: most authorities speak
 *          nothing else, and who listens on the way learns no more than the digest. */
#ifndef AUDIT_KEEP_SEAL_H
#define AUDIT_KEEP_SEAL_H
#include "audit/bundle.h"
#include "audit/keep/findings.h"
#include "base/opt.h"
#include "base/tar.h"

#define SEAL_NAMESPACE "blindspot-manifest"

#define SEAL_SIGNATURE_MAX ((size_t)64 << 10)    // real ones have 300 to 2000 bytes
#define SEAL_CLOCKS_APART_S 300                  // of an authority and this machine

struct seal_opts {
    const char *key;    // private key, or the public half of one that an agent holds
    const struct opt_list *authorities;    // URLs
    const char *ca_file;                   // of the system's, for https; "": the system's
    int64_t timeout_s;
};
/* Adds the files above to the tar. Errors: ERR_AUTH where the key does not sign; ERR_AGAIN where
 * an authority does not answer; ERR_INPUT where what it answers does not hold, its clock
 * included: more than five minutes from ours. */
MUST_CHECK int seal_make(const struct seal_opts *, struct str manifest, struct tar_out *,
                         struct err *);

/* allowed_signers: as ssh-keygen reads it; ca: authorities, PEM. NULL: that is not checked, and
 * the findings say so. */
struct seal_check {
    const char *allowed_signers, *ca;
};
/* What is wrong becomes a problem of the findings. dir: of the unpacked bundle.
 * newest_answer_at: what is sealed cannot be older. Errors: of this machine; ERR_USAGE for a file
 * that the check names. */
MUST_CHECK int seal_check(const char *dir, int64_t newest_answer_at, const struct seal_check *,
                          struct findings *, struct err *);
#endif
