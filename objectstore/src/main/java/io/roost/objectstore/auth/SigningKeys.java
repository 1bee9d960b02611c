package io.roost.objectstore.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys derived from secrets for a day and a region, the most recently used ones kept: deriving costs four HMACs and would
 * be most of a verification. It also owns the SHA-256 it computes with, so an instance belongs to one thread.
 */
public final class SigningKeys {
    private static final String HMAC_SHA256 = "HmacSHA256";

    private final Map<Derivation, SigningKey> keys;
    private final MessageDigest sha256 = sha256Digest();

    /** Keeps at most the given number of keys; a key and its MAC take about 2 KiB. */
    public SigningKeys(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity " + capacity);
        }
        keys = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Derivation, SigningKey> eldest) {
                return size() > capacity;
            }
        };
    }

    private record Derivation(String secret, String date, String region) {}

    /** The signing key of a secret for the scope's date and region and for S3. */
    SigningKey of(AccessKey key, CredentialScope scope) {
        Derivation derivation = new Derivation(key.secret(), scope.date(), scope.region());
        SigningKey found = keys.get(derivation);
        if (found == null) {
            found = derive(derivation);
            keys.put(derivation, found);
        }
        return found;
    }

    /** SHA-256 of a text. */
    byte[] sha256(CanonicalText text) {
        sha256.update(text.array(), 0, text.length());
        return sha256.digest();
    }

    private static SigningKey derive(Derivation derivation) {
        // Secrets are keys of any form; UTF-8 is what every SDK encodes them in.
        byte[] date = hmac(
                ("AWS4" + derivation.secret).getBytes(StandardCharsets.UTF_8),
                derivation.date.getBytes(StandardCharsets.ISO_8859_1));
        byte[] region = hmac(date, derivation.region.getBytes(StandardCharsets.ISO_8859_1));
        byte[] service = hmac(region, CredentialScope.SERVICE.getBytes(StandardCharsets.ISO_8859_1));
        return new SigningKey(hmac(service, CredentialScope.TERMINATOR.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        return mac(HMAC_SHA256, key).doFinal(message);
    }

    static Mac mac(String algorithm, byte[] key) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException(algorithm + " is part of every Java platform", impossible);
        }
    }

    static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", impossible);
        }
    }

    /** A derived key with a MAC that is ready to use again and again; belongs to one thread. */
    static final class SigningKey {
        private final byte[] key;
        private final Mac mac;

        private SigningKey(byte[] key) {
            this.key = key;
            this.mac = mac(HMAC_SHA256, key);
        }

        /** HMAC-SHA256 of a text. */
        byte[] sign(CanonicalText text) {
            mac.update(text.array(), 0, text.length());
            return mac.doFinal();
        }

        /** The same key with a MAC of its own. */
        SigningKey copy() {
            return new SigningKey(key);
        }
    }
}
