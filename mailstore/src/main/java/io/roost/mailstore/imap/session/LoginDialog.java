package io.roost.mailstore.imap.session;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.sasl.LoginExchange;
import io.roost.mailstore.sasl.PlainExchange;
import io.roost.mailstore.sasl.SaslExchange;
import io.roost.mailstore.sasl.SaslStep;
import io.roost.mailstore.sasl.ScramExchange;
import io.roost.mailstore.sasl.ScramKeys;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The lines of AUTHENTICATE (RFC 9051 6.2.2): base64 around a SASL exchange, which {@code *} cancels. */
final class LoginDialog {
    private final SaslExchange exchange;
    /** Whose keys were asked for. */
    private SaslStep.Identity claimed = new SaslStep.Identity("", null);

    private LoginDialog(SaslExchange exchange) {
        this.exchange = exchange;
    }

    /** What is to be done next. */
    enum Kind {
        CHALLENGE,
        PASSWORD,
        KEYS,
        PROVED,
        CANCELLED,
        MALFORMED,
        FAILED
    }

    /**
     * A step.
     *
     * @param kind what is to be done
     * @param challenge to be sent, or null
     * @param identity who, or null
     * @param password to be checked, or null
     */
    record Step(Kind kind, Bytes challenge, SaslStep.Identity identity, String password) {
        static Step password(String user, String password) {
            return new Step(Kind.PASSWORD, null, new SaslStep.Identity(user, null), password);
        }

        private static Step of(Kind kind) {
            return new Step(kind, null, null, null);
        }

        /** Without the password. */
        @Override
        public String toString() {
            return "Step[" + kind + "]";
        }
    }

    /** The dialog of a mechanism, or null for one that is not known. */
    static LoginDialog of(String mechanism, Bytes channelBinding) {
        return switch (mechanism) {
            case "PLAIN" -> new LoginDialog(new PlainExchange());
            case "LOGIN" -> new LoginDialog(new LoginExchange());
            case "SCRAM-SHA-256" -> new LoginDialog(new ScramExchange(ScramExchange.Variant.PLAIN, channelBinding));
            case "SCRAM-SHA-256-PLUS" ->
                channelBinding == null
                        ? null
                        : new LoginDialog(new ScramExchange(ScramExchange.Variant.PLUS, channelBinding));
            default -> null;
        };
    }

    Step begin(Bytes initialResponse) {
        return step(initialResponse == null ? exchange.begin() : exchange.onResponse(initialResponse));
    }

    Step onLine(Bytes line) {
        String text = new String(line.array(), StandardCharsets.ISO_8859_1);
        if (text.equals("*")) {
            return Step.of(Kind.CANCELLED);
        }
        try {
            return step(exchange.onResponse(Bytes.wrap(Base64.getDecoder().decode(text))));
        } catch (IllegalArgumentException malformed) {
            return Step.of(Kind.MALFORMED);
        }
    }

    Step onKeys(ScramKeys keys, String nonce) {
        return step(exchange.onKeys(keys, nonce));
    }

    private Step step(SaslStep step) {
        if (step instanceof SaslStep.Challenge challenge) {
            return new Step(Kind.CHALLENGE, challenge.data(), null, null);
        }
        if (step instanceof SaslStep.PasswordOffered offered) {
            return new Step(Kind.PASSWORD, null, offered.identity(), offered.password());
        }
        if (step instanceof SaslStep.KeysWanted wanted) {
            claimed = new SaslStep.Identity(wanted.user(), null);
            return new Step(Kind.KEYS, null, claimed, null);
        }
        if (step instanceof SaslStep.Authenticated authenticated) {
            return new Step(Kind.PROVED, null, authenticated.identity(), null);
        }
        return step == SaslStep.Failed.MALFORMED ? Step.of(Kind.MALFORMED) : new Step(Kind.FAILED, null, claimed, null);
    }
}
