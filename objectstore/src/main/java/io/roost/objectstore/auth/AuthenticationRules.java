package io.roost.objectstore.auth;

import java.util.List;

/**
 * What a gateway accepts as a signature.
 *
 * @param region the region this gateway belongs to
 * @param regionRule whether the scope of a signature must name it
 * @param signatureV2 whether version 2 is accepted
 * @param domains names under which a bucket is a sub-domain, lower case, without a port; only version 2 looks at them,
 *     because it signs the bucket and not the host
 */
public record AuthenticationRules(
        String region, RegionRule regionRule, SignatureV2Rule signatureV2, List<String> domains) {
    /** Whether the region of a signature matters. */
    public enum RegionRule {
        /** It must be ours. */
        EXACT,
        /** Any will do: for development. */
        ANY
    }

    /** Whether signatures of version 2 are accepted. */
    public enum SignatureV2Rule {
        /** No. The default: version 2 rests on SHA-1 and does not cover the host. */
        REFUSED,
        /** Yes, for clients that know nothing else. */
        ACCEPTED
    }

    /** Copies the list and checks the region. */
    public AuthenticationRules {
        domains = List.copyOf(domains);
        if (region.isEmpty()) {
            throw new IllegalArgumentException("no region");
        }
    }
}
