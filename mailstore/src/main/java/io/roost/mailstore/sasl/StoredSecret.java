package io.roost.mailstore.sasl;

import io.roost.cluster.object.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * What is stored of a password, as text of the usual forms.
 *
 * <pre>
 * Argon2id       $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH        PHC string, base64 without padding
 * bcrypt         $2a$, $2b$ or $2y$, cost, salt and hash         OpenBSD's form
 * SCRAM-SHA-256  SCRAM-SHA-256$ITERATIONS:SALT$STORED:SERVER     PostgreSQL's form; may be used for SCRAM too
 * </pre>
 */
public sealed interface StoredSecret {
    /** Memory of Argon2id, in KiB: RFC 9106 wants more, OWASP's cheat sheet at least this. */
    int ARGON2_MEMORY_KIB = 19 * 1024;

    /** Passes over that memory. */
    int ARGON2_PASSES = 2;

    /** Bytes of a salt. */
    int SALT_BYTES = 16;

    /** Most memory that a stored form may ask for: 1 GiB. */
    int MAX_ARGON2_MEMORY_KIB = 1024 * 1024;

    /** Most costly bcrypt that a stored form may ask for: several seconds. */
    int MAX_BCRYPT_COST = 16;

    /** Whether a password is the one stored; takes as long as the form wants it to, tens of milliseconds or more. */
    boolean isOf(String password);

    /** The text that is stored. */
    String text();

    /** Reads a stored form; null for one that is not known or beyond its bounds. */
    static StoredSecret parse(String text) {
        if (text.startsWith("$argon2id$")) {
            return Argon2.parse(text);
        }
        if (text.startsWith("SCRAM-SHA-256$")) {
            return Scram.parse(text);
        }
        return Bcrypt.parse(text);
    }

    /**
     * Argon2id (RFC 9106) of a new password.
     *
     * @param salt {@link #SALT_BYTES} random bytes
     */
    static StoredSecret argon2id(String password, Bytes salt) {
        Argon2 parameters = new Argon2(ARGON2_MEMORY_KIB, ARGON2_PASSES, 1, salt, Bytes.EMPTY);
        return new Argon2(ARGON2_MEMORY_KIB, ARGON2_PASSES, 1, salt, parameters.hash(password, Argon2.HASH_BYTES));
    }

    /**
     * bcrypt of a new password.
     *
     * @param salt {@link #SALT_BYTES} random bytes
     * @param cost 4 to {@link #MAX_BCRYPT_COST}
     */
    static StoredSecret bcrypt(String password, Bytes salt, int cost) {
        return new Bcrypt(OpenBSDBCrypt.generate("2b", SaslText.prepared(password), salt.array(), cost));
    }

    /** The keys of SCRAM. */
    static StoredSecret scram(ScramKeys keys) {
        return new Scram(keys);
    }

    /**
     * Argon2id.
     *
     * @param memoryKib memory
     * @param passes over it
     * @param lanes of it
     * @param salt random
     * @param hash of the password
     */
    record Argon2(int memoryKib, int passes, int lanes, Bytes salt, Bytes hash) implements StoredSecret {
        private static final int HASH_BYTES = 32;
        private static final int MAX_PASSES = 100;
        private static final int MAX_LANES = 64;
        private static final Pattern FORM = Pattern.compile(
                "\\$argon2id\\$v=19\\$m=(\\d{1,9}),t=(\\d{1,9}),p=(\\d{1,9})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

        static Argon2 parse(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                return null;
            }
            int memory = Integer.parseInt(matcher.group(1));
            int passes = Integer.parseInt(matcher.group(2));
            int lanes = Integer.parseInt(matcher.group(3));
            Bytes salt = base64(matcher.group(4));
            Bytes hash = base64(matcher.group(5));
            boolean isWithinBounds = lanes >= 1
                    && lanes <= MAX_LANES
                    && memory >= 8 * lanes
                    && memory <= MAX_ARGON2_MEMORY_KIB
                    && passes >= 1
                    && passes <= MAX_PASSES;
            boolean isWhole = salt != null && salt.length() >= 8 && hash != null && hash.length() >= 12;
            return isWithinBounds && isWhole ? new Argon2(memory, passes, lanes, salt, hash) : null;
        }

        private Bytes hash(String password, int length) {
            Argon2BytesGenerator generator = new Argon2BytesGenerator();
            generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(memoryKib)
                    .withIterations(passes)
                    .withParallelism(lanes)
                    .withSalt(salt.array())
                    .build());
            byte[] bytes = new byte[length];
            generator.generateBytes(SaslText.prepared(password), bytes);
            return Bytes.wrap(bytes);
        }

        @Override
        public boolean isOf(String password) {
            return MessageDigest.isEqual(
                    hash.array(), hash(password, hash.length()).array());
        }

        @Override
        public String text() {
            return "$argon2id$v=19$m=" + memoryKib + ",t=" + passes + ",p=" + lanes + "$" + unpadded(salt) + "$"
                    + unpadded(hash);
        }

        private static String unpadded(Bytes bytes) {
            return Base64.getEncoder().withoutPadding().encodeToString(bytes.array());
        }

        /** Without the hash. */
        @Override
        public String toString() {
            return "Argon2";
        }
    }

    /**
     * bcrypt.
     *
     * @param text as stored
     */
    record Bcrypt(String text) implements StoredSecret {
        private static final Pattern FORM = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");
        private static final int MIN_COST = 4;

        static Bcrypt parse(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                return null;
            }
            int cost = Integer.parseInt(matcher.group(1));
            return cost >= MIN_COST && cost <= MAX_BCRYPT_COST ? new Bcrypt(text) : null;
        }

        @Override
        public boolean isOf(String password) {
            byte[] bytes = SaslText.prepared(password);
            return OpenBSDBCrypt.checkPassword(text, bytes);
        }

        /** Without the hash. */
        @Override
        public String toString() {
            return "Bcrypt";
        }
    }

    /**
     * Keys of SCRAM-SHA-256.
     *
     * @param keys what SCRAM needs
     */
    record Scram(ScramKeys keys) implements StoredSecret {
        private static final Pattern FORM =
                Pattern.compile("SCRAM-SHA-256\\$(\\d{1,8}):([A-Za-z0-9+/=]+)\\$([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)");

        static Scram parse(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                return null;
            }
            Bytes salt = base64(matcher.group(2));
            Bytes stored = base64(matcher.group(3));
            Bytes server = base64(matcher.group(4));
            if (salt == null || stored == null || server == null) {
                return null;
            }
            try {
                return new Scram(new ScramKeys(Integer.parseInt(matcher.group(1)), salt, stored, server));
            } catch (IllegalArgumentException outOfBounds) {
                return null;
            }
        }

        @Override
        public boolean isOf(String password) {
            return keys.isOf(password);
        }

        @Override
        public String text() {
            Base64.Encoder base64 = Base64.getEncoder();
            return "SCRAM-SHA-256$" + keys.iterations() + ":"
                    + base64.encodeToString(keys.salt().array()) + "$"
                    + base64.encodeToString(keys.storedKey().array()) + ":"
                    + base64.encodeToString(keys.serverKey().array());
        }
    }

    private static Bytes base64(String text) {
        try {
            return Bytes.wrap(Base64.getDecoder().decode(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
