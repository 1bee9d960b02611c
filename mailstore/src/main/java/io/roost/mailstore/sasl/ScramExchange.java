package io.roost.mailstore.sasl;

import io.roost.cluster.object.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;

/**
 * SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677): the client proves that it knows the password, and the server
 * that it knows the keys, without either being sent. PLUS binds the exchange to the TLS connection by the hash of the
 * server's certificate (RFC 5929 4, {@code tls-server-end-point}).
 */
public final class ScramExchange extends SaslExchange {
    private static final String BINDING_TYPE = "tls-server-end-point";
    private static final int MAX_NAME_CHARACTERS = 1_024;

    /** Which of the two mechanisms the client has chosen. */
    public enum Variant {
        /** SCRAM-SHA-256. */
        PLAIN,
        /** SCRAM-SHA-256-PLUS. */
        PLUS
    }

    private enum State {
        FIRST,
        KEYS,
        PROOF,
        FINAL,
        DONE
    }

    private final Variant variant;
    private final Bytes channelBinding;
    private State state = State.FIRST;
    private String gs2Header;
    private SaslStep.Identity identity;
    private String clientFirstBare;
    private String serverFirst;
    private String nonce;
    private ScramKeys keys;

    /**
     * An exchange.
     *
     * @param channelBinding the certificate's hash, null on a connection without TLS; when it is not null the client has
     *     been told of PLUS
     */
    public ScramExchange(Variant variant, Bytes channelBinding) {
        if (variant == Variant.PLUS) {
            Objects.requireNonNull(channelBinding, "channelBinding");
        }
        this.variant = variant;
        this.channelBinding = channelBinding;
    }

    @Override
    public SaslStep begin() {
        return new SaslStep.Challenge(Bytes.EMPTY);
    }

    @Override
    SaslStep respond(Bytes response) {
        String text = SaslText.utf8(response);
        if (text == null) {
            return fail(SaslStep.Failed.MALFORMED);
        }
        return switch (state) {
            case FIRST -> onFirst(text);
            case PROOF -> onProof(text);
            case FINAL -> {
                state = State.DONE;
                yield text.isEmpty() ? new SaslStep.Authenticated(identity) : SaslStep.Failed.MALFORMED;
            }
            case KEYS, DONE -> throw new IllegalStateException("a response at " + state);
        };
    }

    private SaslStep fail(SaslStep.Failed reason) {
        state = State.DONE;
        return reason;
    }

    /** {@code gs2-cbind-flag , [a=authzid] , n=user , r=nonce [, extensions]}. */
    private SaslStep onFirst(String text) {
        String[] parts = text.split(",", 3);
        if (parts.length < 3) {
            return fail(SaslStep.Failed.MALFORMED);
        }
        SaslStep.Failed binding = checkBinding(parts[0]);
        if (binding != null) {
            return fail(binding);
        }
        String actsFor = parts[1].isEmpty() ? null : attribute(parts[1], 'a');
        if (!parts[1].isEmpty() && name(actsFor) == null) {
            return fail(SaslStep.Failed.MALFORMED);
        }
        gs2Header = parts[0] + "," + parts[1] + ",";
        clientFirstBare = parts[2];
        String[] attributes = clientFirstBare.split(",", -1);
        String user = name(attribute(attributes[0], 'n'));
        String clientNonce = attributes.length < 2 ? null : attribute(attributes[1], 'r');
        if (user == null || user.isEmpty() || !isNonce(clientNonce)) {
            return fail(SaslStep.Failed.MALFORMED);
        }
        identity = new SaslStep.Identity(user, actsFor == null ? null : name(actsFor));
        nonce = clientNonce;
        state = State.KEYS;
        return new SaslStep.KeysWanted(user);
    }

    /** RFC 5802 6: the client's flag against the mechanism, and against what it should have been told. */
    private SaslStep.Failed checkBinding(String flag) {
        boolean isBound = flag.equals("p=" + BINDING_TYPE);
        if (variant == Variant.PLUS) {
            return isBound ? null : SaslStep.Failed.CHANNEL_BINDING;
        }
        if (flag.equals("y")) {
            // The client has binding and was told that the server has none.
            return channelBinding == null ? null : SaslStep.Failed.CHANNEL_BINDING;
        }
        return flag.equals("n") ? null : SaslStep.Failed.MALFORMED;
    }

    /** The value of {@code x=value}, or null. */
    private static String attribute(String text, char name) {
        return text.length() >= 2 && text.charAt(0) == name && text.charAt(1) == '=' ? text.substring(2) : null;
    }

    /** A saslname (RFC 5802 5.1), or null: comma and equals sign are written as =2C and =3D. */
    private static String name(String text) {
        if (text == null || text.length() > MAX_NAME_CHARACTERS || text.indexOf('\0') >= 0) {
            return null;
        }
        StringBuilder name = new StringBuilder(text.length());
        for (int at = 0; at < text.length(); at++) {
            if (text.charAt(at) != '=') {
                name.append(text.charAt(at));
            } else if (text.startsWith("=2C", at)) {
                name.append(',');
                at += 2;
            } else if (text.startsWith("=3D", at)) {
                name.append('=');
                at += 2;
            } else {
                return null;
            }
        }
        return name.toString();
    }

    private static boolean isNonce(String text) {
        return text != null
                && !text.isEmpty()
                && text.length() <= MAX_NAME_CHARACTERS
                && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    }

    @Override
    public SaslStep onKeys(ScramKeys found, String serverNonce) {
        if (state != State.KEYS) {
            throw new IllegalStateException("keys at " + state);
        }
        keys = found;
        nonce += serverNonce;
        serverFirst = "r=" + nonce + ",s="
                + Base64.getEncoder().encodeToString(keys.salt().array()) + ",i=" + keys.iterations();
        state = State.PROOF;
        return challenge(serverFirst);
    }

    private static SaslStep challenge(String text) {
        return new SaslStep.Challenge(Bytes.utf8(text));
    }

    /** {@code c=binding , r=nonce [, extensions] , p=proof}. */
    private SaslStep onProof(String text) {
        int proofAt = text.lastIndexOf(",p=");
        if (proofAt < 0) {
            return fail(SaslStep.Failed.MALFORMED);
        }
        String withoutProof = text.substring(0, proofAt);
        String[] attributes = withoutProof.split(",", -1);
        byte[] binding = base64(attribute(attributes[0], 'c'));
        byte[] proof = base64(text.substring(proofAt + 3));
        boolean isNonce = attributes.length >= 2 && nonce.equals(attribute(attributes[1], 'r'));
        if (binding == null || proof == null || proof.length != keys.storedKey().length() || !isNonce) {
            return fail(SaslStep.Failed.MALFORMED);
        }
        if (!MessageDigest.isEqual(binding, expectedBinding())) {
            return fail(SaslStep.Failed.CHANNEL_BINDING);
        }
        byte[] message = (clientFirstBare + "," + serverFirst + "," + withoutProof).getBytes(StandardCharsets.UTF_8);
        byte[] clientKey = ScramKeys.hmac(keys.storedKey().array(), message);
        for (int i = 0; i < clientKey.length; i++) {
            clientKey[i] ^= proof[i];
        }
        if (!MessageDigest.isEqual(ScramKeys.sha256(clientKey), keys.storedKey().array())) {
            return fail(SaslStep.Failed.WRONG_PASSWORD);
        }
        byte[] signature = ScramKeys.hmac(keys.serverKey().array(), message);
        state = State.FINAL;
        return challenge("v=" + Base64.getEncoder().encodeToString(signature));
    }

    private byte[] expectedBinding() {
        byte[] header = gs2Header.getBytes(StandardCharsets.UTF_8);
        if (variant == Variant.PLAIN) {
            return header;
        }
        byte[] whole = Arrays.copyOf(header, header.length + channelBinding.length());
        System.arraycopy(channelBinding.array(), 0, whole, header.length, channelBinding.length());
        return whole;
    }

    private static byte[] base64(String text) {
        if (text == null) {
            return null;
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
