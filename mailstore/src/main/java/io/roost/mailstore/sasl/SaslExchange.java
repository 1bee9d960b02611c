package io.roost.mailstore.sasl;

import io.roost.cluster.object.Bytes;

/** One exchange of a mechanism, a machine: each call answers what is wanted next. After the last step it is done with. */
public abstract sealed class SaslExchange permits PlainExchange, LoginExchange, ScramExchange {
    /** Longest response that any mechanism needs: two names, a password, a nonce. */
    public static final int MAX_RESPONSE_BYTES = 8 * 1024;

    /** The exchange begins without an initial response (RFC 4959). */
    public abstract SaslStep begin();

    /** The client has responded; its initial response comes here too, without {@link #begin}. */
    public final SaslStep onResponse(Bytes response) {
        return response.length() > MAX_RESPONSE_BYTES ? SaslStep.Failed.MALFORMED : respond(response);
    }

    abstract SaslStep respond(Bytes response);

    /**
     * The keys that {@link SaslStep.KeysWanted} asked for have been found.
     *
     * @param serverNonce random, never used before: printable ASCII without comma, 18 characters or more
     */
    public SaslStep onKeys(ScramKeys keys, String serverNonce) {
        throw new IllegalStateException("no keys were wanted");
    }
}
