package io.roost.deploy;

import io.roost.objectstore.auth.Identity;
import io.roost.objectstore.layout.AccessKeyRecord;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The keys of a node's first user, who is its administrator. They are kept in the data folder, in the format of AWS's
 * shared credentials file.
 *
 * @param accessKey the key's id
 * @param secretKey its secret
 * @param isNew true when this start made them
 */
record NodeCredentials(String accessKey, String secretKey, boolean isNew) {
    private static final String FILE = "credentials";
    private static final String KEY_NAME = "aws_access_key_id";
    private static final String SECRET_NAME = "aws_secret_access_key";

    /** Checks that nothing is null. */
    NodeCredentials {
        Objects.requireNonNull(accessKey, "accessKey");
        Objects.requireNonNull(secretKey, "secretKey");
    }

    /**
     * Those of options or environment.
     *
     * @param accessKey null when there is no such option
     * @param secretKey null when there is no such option
     */
    static Optional<NodeCredentials> given(String accessKey, String secretKey, Map<String, String> environment) {
        String key = accessKey == null ? environment.get("ROOST_ACCESS_KEY") : accessKey;
        String secret = secretKey == null ? environment.get("ROOST_SECRET_KEY") : secretKey;
        if ((key == null) != (secret == null)) {
            throw new CommandFailure(
                    CommandFailure.COULD_NOT_RUN,
                    "an access key and its secret go together: --access-key and --secret-key, or ROOST_ACCESS_KEY"
                            + " and ROOST_SECRET_KEY");
        }
        if (key != null && (key.isBlank() || secret.isBlank())) {
            throw new CommandFailure(CommandFailure.COULD_NOT_RUN, "the access key or its secret is empty");
        }
        return key == null ? Optional.empty() : Optional.of(new NodeCredentials(key, secret, false));
    }

    /** The keys given, or those that the folder keeps, or new ones; they work and are kept when this returns. */
    static NodeCredentials of(Node node, Optional<NodeCredentials> given) {
        Optional<NodeCredentials> kept =
                Optional.ofNullable(node.folder().read(FILE)).flatMap(NodeCredentials::parse);
        Optional<NodeCredentials> wanted = given.or(() -> kept);
        if (wanted.isPresent() && wanted.equals(kept)) {
            return wanted.get();
        }
        AccessKeyRecord key = Node.await(
                "make the user " + DevCommand.USER,
                node.ensureKey(
                        DevCommand.USER,
                        Identity.Role.ADMIN,
                        wanted.map(NodeCredentials::accessKey).orElse(null),
                        wanted.map(NodeCredentials::secretKey).orElse(null)));
        NodeCredentials made = new NodeCredentials(key.accessKey(), key.secret(), wanted.isEmpty());
        node.folder().write(FILE, made.text());
        return made;
    }

    private String text() {
        return "[default]\n" + KEY_NAME + " = " + accessKey + "\n" + SECRET_NAME + " = " + secretKey + "\n";
    }

    private static Optional<NodeCredentials> parse(String text) {
        String key = null;
        String secret = null;
        for (String line : text.lines().toList()) {
            int equals = line.indexOf('=');
            if (equals > 0 && line.startsWith(KEY_NAME)) {
                key = line.substring(equals + 1).strip();
            } else if (equals > 0 && line.startsWith(SECRET_NAME)) {
                secret = line.substring(equals + 1).strip();
            }
        }
        return key == null || secret == null ? Optional.empty() : Optional.of(new NodeCredentials(key, secret, false));
    }

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "NodeCredentials[" + accessKey + "]";
    }
}
