package io.roost.mailstore.sasl;

import io.roost.cluster.object.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a server keeps of a password for SCRAM-SHA-256 (RFC 5802 3): who has it can answer clients as the server, and must
 * still guess the password to be the client.
 *
 * @param iterations of PBKDF2
 * @param salt random
 * @param storedKey H(ClientKey)
 * @param serverKey HMAC(SaltedPassword, "Server Key")
 */
public record ScramKeys(int iterations, Bytes salt, Bytes storedKey, Bytes serverKey) {
    /** Iterations of new keys: four times what RFC 7677 4 asks for at least; the client's phone computes them. */
    public static final int DEFAULT_ITERATIONS = 16_384;

    /** Bytes of a salt. */
    public static final int SALT_BYTES = 16;

    private static final int MIN_ITERATIONS = 4_096;
    private static final int MAX_ITERATIONS = 10_000_000;
    private static final int KEY_BYTES = 32;
    private static final String HMAC = "HmacSHA256";

    /** Checks the lengths. */
    public ScramKeys {
        if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) {
            throw new IllegalArgumentException(iterations + " iterations");
        }
        if (salt.isEmpty() || storedKey.length() != KEY_BYTES || serverKey.length() != KEY_BYTES) {
            throw new IllegalArgumentException("keys of the wrong length");
        }
    }

    /** Keys of a password; takes as long as the iterations need. */
    public static ScramKeys of(String password, Bytes salt, int iterations) {
        byte[] salted = pbkdf2(SaslText.prepared(password), salt, iterations);
        byte[] clientKey = hmac(salted, "Client Key".getBytes(StandardCharsets.US_ASCII));
        byte[] serverKey = hmac(salted, "Server Key".getBytes(StandardCharsets.US_ASCII));
        return new ScramKeys(iterations, salt, Bytes.wrap(sha256(clientKey)), Bytes.wrap(serverKey));
    }

    /**
     * Keys that no password has, the same each time for a name, so that clients cannot tell which users exist.
     *
     * @param serverSecret random, kept by the server
     */
    public static ScramKeys fake(Bytes serverSecret, String user) {
        byte[] name = user.getBytes(StandardCharsets.UTF_8);
        byte[] salt = hmac(serverSecret.array(), name);
        byte[] key = hmac(serverSecret.array(), salt);
        return new ScramKeys(
                DEFAULT_ITERATIONS, Bytes.copyOf(salt, 0, SALT_BYTES), Bytes.wrap(key), Bytes.wrap(sha256(key)));
    }

    /** Whether a password has these keys; takes as long as the iterations need. */
    public boolean isOf(String password) {
        ScramKeys other = of(password, salt, iterations);
        return MessageDigest.isEqual(storedKey.array(), other.storedKey.array());
    }

    private static byte[] pbkdf2(byte[] password, Bytes salt, int iterations) {
        // The JDK's PBKDF2 takes characters and encodes them in UTF-8.
        char[] characters = new String(password, StandardCharsets.UTF_8).toCharArray();
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(characters, salt.array(), iterations, KEY_BYTES * 8))
                    .getEncoded();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    static byte[] hmac(byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(data);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    static byte[] sha256(byte[] data) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(data);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return "ScramKeys[iterations=" + iterations + "]";
    }
}
