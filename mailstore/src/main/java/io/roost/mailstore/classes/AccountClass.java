package io.roost.mailstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.mailstore.mailbox.AccountHeader;
import io.roost.mailstore.mailbox.AccountHeader.Quota;
import io.roost.mailstore.mailbox.FolderTree;
import io.roost.mailstore.mailbox.MailRows;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code account.*}: the account's rows.
 *
 * <pre>
 * create     makes the account with INBOX and other folders; ALREADY_EXISTS, LIMIT
 * set-limit  changes its quota; NO_SUCH_ACCOUNT
 * </pre>
 *
 * Both also: NO_SUCH_BUCKET, STALE_BUCKET.
 */
public final class AccountClass {
    static final String CREATE = "create";
    static final String SET_LIMIT = "set-limit";

    private static final int VERSION = 1;
    private static final int GUID_BYTES = 16;

    /** Folders that an account begins with. */
    private static final int MAX_FOLDERS = 50;

    private AccountClass() {}

    /**
     * A folder to begin with.
     *
     * @param path its path
     * @param specialUse such as {@code \Sent}, or empty
     * @param guid its id, 16 random bytes
     */
    public record NewFolder(String path, String specialUse, Bytes guid) {
        /** Checks the path and the length of the id. */
        public NewFolder {
            if (!FolderTree.isValidPath(path) || guid.length() != GUID_BYTES) {
                throw new IllegalArgumentException("folder " + path);
            }
        }
    }

    /**
     * An account.
     *
     * @param caller its id
     * @param limit its quota
     * @param folders of create: INBOX and others, subscribed to; of set-limit: none
     */
    public record Parameters(AccountRef caller, Quota limit, List<NewFolder> folders) {
        /** Copies the list. */
        public Parameters {
            folders = List.copyOf(folders);
            if (folders.size() > MAX_FOLDERS) {
                throw new IllegalArgumentException(folders.size() + " folders");
            }
        }

        private ClassCall call(String method) {
            ByteWriter out = new ByteWriter(128);
            int mark = out.begin(VERSION, 1);
            caller.encode(out);
            out.varint(limit.bytes()).varint(limit.messages()).varint(folders.size());
            for (NewFolder folder : folders) {
                out.text(folder.path).text(folder.specialUse).raw(folder.guid);
            }
            return new ClassCall(MailClasses.ACCOUNT, method, out.end(mark).toBytes(), Data.EMPTY);
        }

        /** The call that makes the account. */
        public ClassCall create() {
            if (folders.isEmpty() || !folders.get(0).path.equals(FolderTree.INBOX)) {
                throw new IllegalArgumentException("an account begins with INBOX");
            }
            return call(CREATE);
        }

        /** The call that changes its quota. */
        public ClassCall setLimit() {
            return call(SET_LIMIT);
        }

        static Parameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            AccountRef caller = AccountRef.decode(in);
            Quota limit = new Quota(in.varint(), in.varint());
            int count = in.count(MAX_FOLDERS);
            List<NewFolder> folders = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                folders.add(new NewFolder(in.text(), in.text(), in.raw(GUID_BYTES)));
            }
            in.end(struct);
            return new Parameters(caller, limit, folders);
        }
    }

    static ClassReply create(LocatorView view, Parameters parameters) {
        MailTransaction transaction = new MailTransaction(view, parameters.caller);
        MailStatus entered = transaction.enter();
        if (entered != MailStatus.NO_SUCH_ACCOUNT) {
            return (entered == MailStatus.OK ? MailStatus.ALREADY_EXISTS : entered).refuse();
        }
        if (view.entry(MailRows.rebuild(parameters.caller.account())) != null) {
            return MailStatus.ALREADY_EXISTS.refuse();
        }
        transaction.makeAccount(AccountHeader.empty(parameters.limit));
        for (NewFolder folder : parameters.folders) {
            FolderClass.makeFolder(
                    transaction, folder.path, folder.specialUse, folder.guid, parameters.caller.nowMillis());
            transaction.tree(transaction.tree().subscribed(folder.path));
        }
        return transaction.reply(Bytes.EMPTY);
    }

    static ClassReply setLimit(LocatorView view, Parameters parameters) {
        MailTransaction transaction = new MailTransaction(view, parameters.caller);
        MailStatus entered = transaction.enter();
        if (entered != MailStatus.OK) {
            return entered.refuse();
        }
        transaction.header(transaction.header().withLimit(parameters.limit));
        return transaction.reply(Bytes.EMPTY);
    }
}
