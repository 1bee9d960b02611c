package io.roost.mailstore.account;

import io.roost.mailstore.mailbox.MailUser;
import io.roost.mailstore.sasl.StoredSecret;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Users of a file, whose secrets go before those of the cluster. Each line is {@code NAME SECRET}, or
 * {@code NAME SECRET master} for a program that logs in for users, such as a Dovecot before Roost; the secret is one of
 * {@link StoredSecret}'s forms. Empty lines and lines that begin with {@code #} say nothing.
 */
public final class StaticUsers {
    /** Nobody. */
    public static final StaticUsers NONE = new StaticUsers(Map.of());

    /** Of a file: it is read whole and looked at again and again. */
    private static final int MAX_USERS = 10_000;

    private final Map<String, Entry> users;

    private StaticUsers(Map<String, Entry> users) {
        this.users = users;
    }

    /** What a user may do. */
    public enum Role {
        /** Has a mailbox of its own. */
        USER,
        /** Has none, and may act for every user (RFC 4422 2.2). */
        MASTER
    }

    private record Entry(StoredSecret secret, Role role) {}

    /**
     * Reads a file's text.
     *
     * @throws IllegalArgumentException when it cannot be understood; names the line and never says what is in it
     */
    public static StaticUsers parse(String text) {
        Map<String, Entry> users = new LinkedHashMap<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.strip().split("[ \t]+", -1);
            boolean isMaster = words.length == 3 && words[2].equals("master");
            String name = MailUser.normalized(words[0]);
            StoredSecret secret = words.length < 2 ? null : StoredSecret.parse(words[1]);
            if ((words.length != 2 && !isMaster) || !MailUser.isName(name)) {
                throw new IllegalArgumentException("line " + number + " is no NAME SECRET [master]");
            }
            if (secret == null) {
                throw new IllegalArgumentException("line " + number + " has no secret of a known form");
            }
            if (users.put(name, new Entry(secret, isMaster ? Role.MASTER : Role.USER)) != null) {
                throw new IllegalArgumentException("line " + number + " names " + name + " again");
            }
            if (users.size() > MAX_USERS) {
                throw new IllegalArgumentException("more than " + MAX_USERS + " users");
            }
        }
        return new StaticUsers(users);
    }

    /** Names of those who have mailboxes. */
    public List<String> mailboxes() {
        return users.entrySet().stream()
                .filter(user -> user.getValue().role == Role.USER)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The secret of a user, or null. */
    StoredSecret secret(String normalizedName) {
        Entry user = users.get(normalizedName);
        return user == null ? null : user.secret;
    }

    /** True for who may act for others. */
    boolean isMaster(String normalizedName) {
        Entry user = users.get(normalizedName);
        return user != null && user.role == Role.MASTER;
    }

    /** True for the same users with the same secrets. */
    @Override
    public boolean equals(Object other) {
        return other instanceof StaticUsers same && same.users.equals(users);
    }

    @Override
    public int hashCode() {
        return Objects.hash(users);
    }

    /** How many there are. */
    @Override
    public String toString() {
        return users.size() + " users";
    }
}
