package io.roost.mailstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.EntryCursor;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Mutation;
import io.roost.mailstore.mailbox.MailUser;
import io.roost.mailstore.mailbox.UserRows;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code mail-user.*}: users, in the locators {@link UserRows#locator} of the system pool.
 *
 * <pre>
 * create      ALREADY_EXISTS
 * get         the row ({@link MailUser#decode}); NO_SUCH_ACCOUNT
 * set-secret  another password; NO_SUCH_ACCOUNT
 * remove      NO_SUCH_ACCOUNT
 * list        a page of one locator's users by name
 * </pre>
 */
public final class MailUserClass {
    static final String CREATE = "create";
    static final String GET = "get";
    static final String SET_SECRET = "set-secret";
    static final String REMOVE = "remove";
    static final String LIST = "list";

    /** Most users of a page. */
    public static final int MAX_PAGE = 500;

    private MailUserClass() {}

    private static ClassCall call(String method, ByteWriter parameters) {
        return ClassCall.of(MailClasses.USER, method, parameters.toBytes());
    }

    /** The call that makes a user. */
    public static ClassCall create(MailUser user) {
        return call(CREATE, new ByteWriter().bytes(user.encode()));
    }

    /** The call that reads a user. */
    public static ClassCall get(String name) {
        return call(GET, new ByteWriter().text(name));
    }

    /** The call that removes a user; the account stays. */
    public static ClassCall remove(String name) {
        return call(REMOVE, new ByteWriter().text(name));
    }

    /**
     * A user's new password.
     *
     * @param name whose
     * @param secret text of a stored form
     */
    public record SecretParameters(String name, String secret) {
        /** The call. */
        public ClassCall call() {
            return MailUserClass.call(SET_SECRET, new ByteWriter().text(name).text(secret));
        }

        static SecretParameters decode(ByteReader in) {
            return new SecretParameters(in.text(), in.text());
        }
    }

    /** The call that lists users after a name, the first ones for an empty one; its output is for {@link #users}. */
    public static ClassCall list(String startAfter) {
        return call(LIST, new ByteWriter().text(startAfter));
    }

    /** The users that {@code list} answers; fewer than {@link #MAX_PAGE} when there are no more. */
    public static List<MailUser> users(Bytes output) {
        ByteReader in = new ByteReader(output);
        List<MailUser> users = new ArrayList<>();
        while (in.remaining() > 0) {
            users.add(MailUser.decode(in.bytes()));
        }
        return users;
    }

    static ClassReply create(LocatorView view, Bytes row) {
        MailUser user = MailUser.decode(row);
        return view.entry(UserRows.user(user.name())) == null ? put(user) : MailStatus.ALREADY_EXISTS.refuse();
    }

    static ClassReply get(LocatorView view, String name) {
        Entry entry = view.entry(UserRows.user(name));
        return entry == null ? MailStatus.NO_SUCH_ACCOUNT.refuse() : ClassReply.read(entry.attributes());
    }

    static ClassReply setSecret(LocatorView view, SecretParameters parameters) {
        Entry entry = view.entry(UserRows.user(parameters.name));
        return entry == null
                ? MailStatus.NO_SUCH_ACCOUNT.refuse()
                : put(MailUser.decode(entry.attributes()).withSecret(parameters.secret));
    }

    static ClassReply remove(LocatorView view, String name) {
        return view.entry(UserRows.user(name)) == null
                ? MailStatus.NO_SUCH_ACCOUNT.refuse()
                : ClassReply.write(Bytes.EMPTY, List.of(new Mutation.Delete(UserRows.user(name))));
    }

    static ClassReply list(LocatorView view, String startAfter) {
        Bytes begin = startAfter.isEmpty()
                ? Bytes.of(UserRows.USER)
                : UserRows.user(startAfter).concat(Bytes.of(0));
        EntryCursor cursor = view.entries(begin, Bytes.of(UserRows.USER + 1));
        ByteWriter out = new ByteWriter(1024);
        for (int users = 0; users < MAX_PAGE && cursor.next(); users++) {
            out.bytes(cursor.entry().attributes());
        }
        return ClassReply.read(out.toBytes());
    }

    private static ClassReply put(MailUser user) {
        return ClassReply.write(Bytes.EMPTY, List.of(Mutation.Put.row(UserRows.user(user.name()), user.encode())));
    }
}
