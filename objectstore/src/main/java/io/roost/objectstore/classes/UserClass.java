package io.roost.objectstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.EntryCursor;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Mutation;
import io.roost.objectstore.layout.SystemNames;
import io.roost.objectstore.layout.UserRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * {@code user.*}: users, in the locators {@link SystemNames#userLocator} of the system pool.
 *
 * <pre>
 * create      ALREADY_EXISTS
 * get         the row ({@link UserRecord#decode}); NOT_FOUND
 * list        a page of one locator's users by name
 * add-key     lists an access key with its user, before the key is created; NOT_FOUND, TOO_MANY
 * remove-key  after the key is removed; NOT_FOUND
 * remove      NOT_FOUND, NOT_EMPTY while access keys are listed; that the user has no buckets is the caller's to check
 * </pre>
 */
public final class UserClass {
    static final String CREATE = "create";
    static final String GET = "get";
    static final String LIST = "list";
    static final String ADD_KEY = "add-key";
    static final String REMOVE_KEY = "remove-key";
    static final String REMOVE = "remove";

    /** Most users of a page. */
    public static final int MAX_PAGE = 1000;

    private UserClass() {}

    /** The call that creates a user. */
    public static ClassCall create(UserRecord user) {
        return ClassCall.of(S3Classes.USER, CREATE, user.encode());
    }

    /** The call that reads a user. */
    public static ClassCall get(String name) {
        return ClassCall.of(S3Classes.USER, GET, new ByteWriter().text(name).toBytes());
    }

    /** The call that removes a user. */
    public static ClassCall remove(String name) {
        return ClassCall.of(S3Classes.USER, REMOVE, new ByteWriter().text(name).toBytes());
    }

    /**
     * A user and an access key of it.
     *
     * @param name of the user
     * @param accessKey the key's id
     */
    public record KeyParameters(String name, String accessKey) {
        /** The call that lists the key with the user. */
        public ClassCall add() {
            return call(ADD_KEY);
        }

        /** The call that does so no longer. */
        public ClassCall remove() {
            return call(REMOVE_KEY);
        }

        private ClassCall call(String method) {
            return ClassCall.of(
                    S3Classes.USER,
                    method,
                    new ByteWriter().text(name).text(accessKey).toBytes());
        }

        static KeyParameters decode(ByteReader in) {
            return new KeyParameters(in.text(), in.text());
        }
    }

    /**
     * Which users to list.
     *
     * @param startAfter name after which the page begins, empty for the first
     * @param maxUsers 1 to {@link #MAX_PAGE}
     */
    public record ListParameters(String startAfter, int maxUsers) {
        /** Checks the range. */
        public ListParameters {
            Objects.requireNonNull(startAfter, "startAfter");
            if (maxUsers < 1 || maxUsers > MAX_PAGE) {
                throw new IllegalArgumentException("page of " + maxUsers + " users");
            }
        }

        /** The call; its output is for {@link #users}. */
        public ClassCall call() {
            return ClassCall.of(
                    S3Classes.USER,
                    LIST,
                    new ByteWriter().text(startAfter).varint(maxUsers).toBytes());
        }

        static ListParameters decode(ByteReader in) {
            return new ListParameters(in.text(), in.count(MAX_PAGE));
        }
    }

    /** The users that {@code list} answers; fewer than asked for when there are no more. */
    public static List<UserRecord> users(Bytes output) {
        ByteReader in = new ByteReader(output);
        List<UserRecord> users = new ArrayList<>();
        while (in.remaining() > 0) {
            users.add(UserRecord.decode(in.bytes()));
        }
        return users;
    }

    static ClassReply create(LocatorView view, UserRecord user, Data data) {
        Entry existing = view.entry(SystemNames.user(user.name()));
        return existing != null ? ClassStatus.ALREADY_EXISTS.refuse() : put(user);
    }

    static ClassReply get(LocatorView view, String name, Data data) {
        Entry entry = view.entry(SystemNames.user(name));
        return entry == null ? ClassStatus.NOT_FOUND.refuse() : ClassReply.read(entry.attributes());
    }

    static ClassReply list(LocatorView view, ListParameters parameters, Data data) {
        Bytes begin = parameters.startAfter.isEmpty()
                ? Bytes.of(SystemNames.USER)
                : SystemNames.user(parameters.startAfter).concat(Bytes.of(0));
        EntryCursor cursor = view.entries(begin, Bytes.of(SystemNames.USER + 1));
        ByteWriter out = new ByteWriter(1024);
        for (int users = 0; users < parameters.maxUsers && cursor.next(); users++) {
            out.bytes(cursor.entry().attributes());
        }
        return ClassReply.read(out.toBytes());
    }

    static ClassReply addKey(LocatorView view, KeyParameters parameters, Data data) {
        Entry entry = view.entry(SystemNames.user(parameters.name));
        if (entry == null) {
            return ClassStatus.NOT_FOUND.refuse();
        }
        UserRecord user = UserRecord.decode(entry.attributes());
        if (user.accessKeys().contains(parameters.accessKey)) {
            return ClassReply.read(Bytes.EMPTY);
        }
        if (user.accessKeys().size() == UserRecord.MAX_ACCESS_KEYS) {
            return ClassStatus.TOO_MANY.refuse();
        }
        List<String> keys = new ArrayList<>(user.accessKeys());
        keys.add(parameters.accessKey);
        return put(user.withAccessKeys(keys));
    }

    static ClassReply removeKey(LocatorView view, KeyParameters parameters, Data data) {
        Entry entry = view.entry(SystemNames.user(parameters.name));
        if (entry == null) {
            return ClassStatus.NOT_FOUND.refuse();
        }
        UserRecord user = UserRecord.decode(entry.attributes());
        List<String> keys = new ArrayList<>(user.accessKeys());
        return keys.remove(parameters.accessKey) ? put(user.withAccessKeys(keys)) : ClassReply.read(Bytes.EMPTY);
    }

    static ClassReply remove(LocatorView view, String name, Data data) {
        Entry entry = view.entry(SystemNames.user(name));
        if (entry == null) {
            return ClassStatus.NOT_FOUND.refuse();
        }
        if (!UserRecord.decode(entry.attributes()).accessKeys().isEmpty()) {
            return ClassStatus.NOT_EMPTY.refuse();
        }
        return ClassReply.write(Bytes.EMPTY, List.of(new Mutation.Delete(SystemNames.user(name))));
    }

    private static ClassReply put(UserRecord user) {
        Bytes row = user.encode();
        // With its keys a record can be longer than a recorded reply; the caller knows what it asked for.
        return ClassReply.write(Bytes.EMPTY, List.of(Mutation.Put.row(SystemNames.user(user.name()), row)));
    }
}
