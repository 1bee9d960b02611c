package io.roost.mailstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.EntryCursor;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Mutation;
import io.roost.mailstore.mailbox.AccountHeader;
import io.roost.mailstore.mailbox.AccountHeader.Quota;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.FolderEnd;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.FolderTree;
import io.roost.mailstore.mailbox.FolderTree.Kind;
import io.roost.mailstore.mailbox.FolderTree.Node;
import io.roost.mailstore.mailbox.MailRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * {@code folder.*}: the account's folders.
 *
 * <pre>
 * create       makes a folder, and names above it that are missing; ALREADY_EXISTS, INVALID_NAME, LIMIT
 * delete       removes it with its messages; with folders below it its name stays; NO_SUCH_FOLDER, NOT_POSSIBLE (INBOX)
 * rename       gives it, and so all below it, another path; NO_SUCH_FOLDER, ALREADY_EXISTS, INVALID_NAME, NOT_POSSIBLE
 * subscribe    adds a name to the subscriptions; INVALID_NAME, LIMIT
 * unsubscribe  takes it away
 * list         the tree and the header of every folder, with a cursor
 * </pre>
 *
 * The writing ones also: NO_SUCH_BUCKET, STALE_BUCKET, NO_SUCH_ACCOUNT.
 */
public final class FolderClass {
    static final String CREATE = "create";
    static final String DELETE = "delete";
    static final String RENAME = "rename";
    static final String SUBSCRIBE = "subscribe";
    static final String UNSUBSCRIBE = "unsubscribe";
    static final String LIST = "list";

    private static final int VERSION = 1;
    private static final int GUID_BYTES = 16;
    private static final Bytes NO_GUID = Bytes.wrap(new byte[GUID_BYTES]);

    /** Headers of one reply. */
    static final int MAX_HEADERS = 2_000;

    private FolderClass() {}

    /**
     * What to do with a path.
     *
     * @param caller whose folders
     * @param path which
     * @param other of create: the special use, or empty; of rename: the new path; else empty
     * @param guid of create: the new folder's id, 16 random bytes; else empty
     */
    public record Parameters(AccountRef caller, String path, String other, Bytes guid) {
        /** Checks that nothing is null. */
        public Parameters {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(other, "other");
            if (!guid.isEmpty() && guid.length() != GUID_BYTES) {
                throw new IllegalArgumentException("id of " + guid.length() + " bytes");
            }
        }

        private ClassCall call(String method) {
            ByteWriter out = new ByteWriter(128);
            int mark = out.begin(VERSION, 1);
            caller.encode(out);
            out.text(path).text(other).bytes(guid);
            return new ClassCall(MailClasses.FOLDER, method, out.end(mark).toBytes(), Data.EMPTY);
        }

        static Parameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            Parameters parameters = new Parameters(AccountRef.decode(in), in.text(), in.text(), in.bytes());
            in.end(struct);
            return parameters;
        }
    }

    /** The call that makes a folder; its reply is a {@link Created}. */
    public static ClassCall create(AccountRef caller, String path, String specialUse, Bytes guid) {
        return new Parameters(caller, path, specialUse, guid).call(CREATE);
    }

    /** The call that removes a folder. */
    public static ClassCall delete(AccountRef caller, String path) {
        return new Parameters(caller, path, "", Bytes.EMPTY).call(DELETE);
    }

    /** The call that renames a folder. */
    public static ClassCall rename(AccountRef caller, String path, String newPath) {
        return new Parameters(caller, path, newPath, Bytes.EMPTY).call(RENAME);
    }

    /** The call that subscribes to a name. */
    public static ClassCall subscribe(AccountRef caller, String path) {
        return new Parameters(caller, path, "", Bytes.EMPTY).call(SUBSCRIBE);
    }

    /** The call that ends a subscription. */
    public static ClassCall unsubscribe(AccountRef caller, String path) {
        return new Parameters(caller, path, "", Bytes.EMPTY).call(UNSUBSCRIBE);
    }

    /**
     * A folder made.
     *
     * @param number its number
     * @param uidValidity of its UIDs
     */
    public record Created(FolderNumber number, long uidValidity) {
        Bytes encode() {
            return new ByteWriter(16).varint(number.value()).varint(uidValidity).toBytes();
        }

        /** Reads the output of a call with status OK. */
        public static Created decode(Bytes output) {
            ByteReader in = new ByteReader(output);
            return new Created(new FolderNumber(in.count(Integer.MAX_VALUE)), in.varint());
        }
    }

    /** A change of the tree after the account was entered. */
    private interface Change {
        ClassReply carryOut(MailTransaction transaction);
    }

    private static ClassReply within(LocatorView view, Parameters parameters, Change change) {
        MailTransaction transaction = new MailTransaction(view, parameters.caller);
        MailStatus entered = transaction.enter();
        return entered == MailStatus.OK ? change.carryOut(transaction) : entered.refuse();
    }

    static ClassReply create(LocatorView view, Parameters parameters) {
        return within(view, parameters, transaction -> create(transaction, parameters));
    }

    private static ClassReply create(MailTransaction transaction, Parameters parameters) {
        // RFC 9051 6.3.4: a delimiter at the end only says that there will be folders below.
        String path = parameters.path.endsWith(FolderTree.DELIMITER)
                ? parameters.path.substring(0, parameters.path.length() - 1)
                : parameters.path;
        if (!FolderTree.isValidPath(path) || parameters.guid.isEmpty()) {
            return MailStatus.INVALID_NAME.refuse();
        }
        Node node = transaction.tree().find(path);
        if (node != null && node.kind() == Kind.FOLDER) {
            return MailStatus.ALREADY_EXISTS.refuse();
        }
        if (transaction.tree().nodes().size()
                        + transaction.tree().missingAbove(path).size()
                >= FolderTree.MAX_FOLDERS) {
            return MailStatus.LIMIT.refuse();
        }
        Created created =
                makeFolder(transaction, path, parameters.other, parameters.guid, parameters.caller.nowMillis());
        return transaction.reply(created.encode());
    }

    /** Makes a folder in place of none or of a name, and the names above it. */
    static Created makeFolder(MailTransaction transaction, String path, String specialUse, Bytes guid, long nowMillis) {
        makeAbove(transaction, path);
        AccountHeader header = transaction.header();
        long uidValidity = header.nextUidValidity(nowMillis);
        FolderTree tree = transaction.tree();
        Node name = tree.find(path);
        FolderNumber number = new FolderNumber(header.nextFolder());
        if (name != null) {
            // The name gets the number of a folder of its own; those below it follow.
            tree = tree.renumbered(name, number);
        }
        transaction.tree(tree.with(path, number, guid, specialUse, Kind.FOLDER));
        transaction.header(header.withFolderMade(uidValidity));
        transaction
                .rows()
                .row(
                        MailRows.folder(transaction.account(), number),
                        FolderHeader.empty(uidValidity).encode());
        return new Created(number, uidValidity);
    }

    private static void makeAbove(MailTransaction transaction, String path) {
        for (String above : transaction.tree().missingAbove(path)) {
            AccountHeader header = transaction.header();
            FolderNumber number = new FolderNumber(header.nextFolder());
            transaction.tree(transaction.tree().with(above, number, NO_GUID, "", Kind.NAME_ONLY));
            transaction.header(header.withFolderMade(header.lastUidValidity()));
        }
    }

    static ClassReply delete(LocatorView view, Parameters parameters) {
        return within(view, parameters, transaction -> delete(transaction, parameters.path));
    }

    private static ClassReply delete(MailTransaction transaction, String path) {
        FolderTree tree = transaction.tree();
        Node node = tree.find(path);
        if (node == null) {
            return MailStatus.NO_SUCH_FOLDER.refuse();
        }
        boolean hasChildren = tree.hasChildren(node);
        if (node.number().equals(FolderNumber.INBOX) || (node.kind() == Kind.NAME_ONLY && hasChildren)) {
            return MailStatus.NOT_POSSIBLE.refuse();
        }
        if (node.kind() == Kind.FOLDER) {
            endFolder(transaction, node.number());
        }
        transaction.tree(
                hasChildren ? tree.with(path, node.number(), NO_GUID, "", Kind.NAME_ONLY) : tree.without(node));
        return transaction.reply(Bytes.EMPTY);
    }

    /** The header goes now, and with it the folder's mail from the quota; its rows go by {@link FolderEndClass}. */
    private static void endFolder(MailTransaction transaction, FolderNumber number) {
        Bytes name = MailRows.folder(transaction.account(), number);
        FolderHeader header = FolderHeader.decode(transaction.rows().attributes(name));
        transaction.rows().put(new Mutation.Delete(name));
        transaction
                .rows()
                .row(MailRows.folderEndWork(transaction.account(), number), new FolderEnd(header.keywords()).encode());
        Quota used = transaction.header().used();
        transaction.header(transaction
                .header()
                .withUsed(used.plus(-header.counts().bytes(), -header.counts().exists())));
    }

    static ClassReply rename(LocatorView view, Parameters parameters) {
        return within(view, parameters, transaction -> rename(transaction, parameters));
    }

    private static ClassReply rename(MailTransaction transaction, Parameters parameters) {
        FolderTree tree = transaction.tree();
        Node node = tree.find(parameters.path);
        if (node == null) {
            return MailStatus.NO_SUCH_FOLDER.refuse();
        }
        if (!FolderTree.isValidPath(parameters.other)) {
            return MailStatus.INVALID_NAME.refuse();
        }
        String path = FolderTree.normalized(parameters.other);
        boolean isIntoItself = path.startsWith(tree.path(node) + FolderTree.DELIMITER);
        if (node.number().equals(FolderNumber.INBOX) || isIntoItself) {
            return MailStatus.NOT_POSSIBLE.refuse();
        }
        if (tree.find(path) != null) {
            return MailStatus.ALREADY_EXISTS.refuse();
        }
        if (tree.nodes().size() + tree.missingAbove(path).size() > FolderTree.MAX_FOLDERS) {
            return MailStatus.LIMIT.refuse();
        }
        makeAbove(transaction, path);
        transaction.tree(transaction.tree().renamed(node, path));
        return transaction.tree().hasLongPaths() ? MailStatus.INVALID_NAME.refuse() : transaction.reply(Bytes.EMPTY);
    }

    static ClassReply subscribe(LocatorView view, Parameters parameters) {
        return within(view, parameters, transaction -> {
            if (!FolderTree.isValidPath(parameters.path)) {
                return MailStatus.INVALID_NAME.refuse();
            }
            if (transaction.tree().subscriptions().size() >= FolderTree.MAX_FOLDERS) {
                return MailStatus.LIMIT.refuse();
            }
            transaction.tree(transaction.tree().subscribed(parameters.path));
            return transaction.reply(Bytes.EMPTY);
        });
    }

    static ClassReply unsubscribe(LocatorView view, Parameters parameters) {
        return within(view, parameters, transaction -> {
            transaction.tree(transaction.tree().unsubscribed(parameters.path));
            return transaction.reply(Bytes.EMPTY);
        });
    }

    /**
     * Which headers.
     *
     * @param account whose folders
     * @param from 1, or where the call before ended
     */
    public record ListParameters(AccountId account, FolderNumber from) {
        /** The call. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(32);
            int mark = out.begin(VERSION, 1);
            out.raw(account.bytes()).varint(from.value());
            return new ClassCall(MailClasses.FOLDER, LIST, out.end(mark).toBytes(), Data.EMPTY);
        }

        static ListParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            ListParameters parameters =
                    new ListParameters(AccountRef.account(in), new FolderNumber(in.count(Integer.MAX_VALUE)));
            in.end(struct);
            return parameters;
        }
    }

    /**
     * A folder's header.
     *
     * @param number its number
     * @param header its header
     */
    public record Numbered(FolderNumber number, FolderHeader header) {}

    /**
     * The folders.
     *
     * @param account the account's header
     * @param tree all names
     * @param folders headers, by number
     * @param resumeAt number to go on from, or 0 when all are told
     */
    public record ListReply(AccountHeader account, FolderTree tree, List<Numbered> folders, int resumeAt) {
        /** Copies the list. */
        public ListReply {
            folders = List.copyOf(folders);
        }

        Bytes encode() {
            ByteWriter out = new ByteWriter(1024);
            int mark = out.begin(VERSION, 1);
            out.bytes(account.encode()).bytes(tree.encode()).varint(folders.size());
            for (Numbered folder : folders) {
                out.varint(folder.number.value()).bytes(folder.header.encode());
            }
            return out.varint(resumeAt).end(mark).toBytes();
        }

        /** Reads the output of a call with status OK. */
        public static ListReply decode(Bytes output) {
            ByteReader in = new ByteReader(output);
            ByteReader.Struct struct = in.begin(VERSION);
            AccountHeader account = AccountHeader.decode(in.bytes());
            FolderTree tree = FolderTree.decode(in.bytes());
            int count = in.count(MAX_HEADERS);
            List<Numbered> folders = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                folders.add(
                        new Numbered(new FolderNumber(in.count(Integer.MAX_VALUE)), FolderHeader.decode(in.bytes())));
            }
            ListReply reply = new ListReply(account, tree, folders, in.count(Integer.MAX_VALUE));
            in.end(struct);
            return reply;
        }
    }

    static ClassReply list(LocatorView view, ListParameters parameters) {
        AccountHeader header = MailTransaction.header(view, parameters.account);
        if (header == null) {
            return MailStatus.NO_SUCH_ACCOUNT.refuse();
        }
        FolderTree tree = FolderTree.decode(view.value(MailRows.tree(parameters.account)));
        EntryCursor rows = view.entries(
                MailRows.folder(parameters.account, parameters.from),
                MailRows.accountEnd(MailRows.FOLDER, parameters.account));
        List<Numbered> folders = new ArrayList<>();
        int resumeAt = 0;
        while (resumeAt == 0 && rows.next()) {
            FolderNumber number = MailRows.folderOf(rows.name());
            if (folders.size() == MAX_HEADERS) {
                resumeAt = number.value();
            } else {
                folders.add(
                        new Numbered(number, FolderHeader.decode(rows.entry().attributes())));
            }
        }
        return ClassReply.read(new ListReply(header, tree, folders, resumeAt).encode());
    }
}
