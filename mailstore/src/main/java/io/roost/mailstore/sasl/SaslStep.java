package io.roost.mailstore.sasl;

import io.roost.cluster.object.Bytes;
import java.util.Objects;

/** What a {@link SaslExchange} wants next. */
public sealed interface SaslStep {
    /**
     * Send this and give the response to {@link SaslExchange#onResponse}.
     *
     * @param data before base64
     */
    record Challenge(Bytes data) implements SaslStep {}

    /**
     * The client has offered a password; whether it is right is for the caller to find out, and the exchange has ended.
     *
     * @param identity who the client is, and wants to be
     * @param password in clear
     */
    record PasswordOffered(Identity identity, String password) implements SaslStep {
        /** Without the password. */
        @Override
        public String toString() {
            return "PasswordOffered[" + identity + "]";
        }
    }

    /**
     * Look up the keys of a user and give them to {@link SaslExchange#onKeys}; for a user that does not exist or has none,
     * {@link ScramKeys#fake}.
     *
     * @param user name
     */
    record KeysWanted(String user) implements SaslStep {}

    /**
     * The client is who it says.
     *
     * @param identity who it is, and wants to be
     */
    record Authenticated(Identity identity) implements SaslStep {}

    /** The exchange has failed. */
    enum Failed implements SaslStep {
        /** The client's response is not of the mechanism. */
        MALFORMED,
        /** It does not know the password. */
        WRONG_PASSWORD,
        /** Somebody changed which mechanisms the client sees, or sits in the middle of the TLS connection. */
        CHANNEL_BINDING
    }

    /**
     * Who a client is, and on whose behalf it acts (RFC 4422 2.2).
     *
     * @param user whose password is used
     * @param actsFor the authorization identity, or null when it is the same
     */
    record Identity(String user, String actsFor) {
        /** Checks that there is a user. */
        public Identity {
            Objects.requireNonNull(user, "user");
        }

        /** Whose mail is to be opened. */
        public String mailboxOwner() {
            return actsFor == null ? user : actsFor;
        }
    }
}
