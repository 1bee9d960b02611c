package io.roost.mailstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.EntryCursor;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.ChangeRow;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.FolderTree;
import io.roost.mailstore.mailbox.MailRows;
import io.roost.mailstore.mailbox.UidCheckpoint;
import io.roost.mailstore.mailbox.UidSet;
import java.util.Objects;

/**
 * {@code mailbox.select}: what is needed to open a folder, whatever its size: its header, and the UIDs that exist, from
 * their last checkpoint and the few changes since.
 *
 * <p>Statuses: NO_SUCH_ACCOUNT, NO_SUCH_FOLDER.
 */
public final class SelectClass {
    static final String METHOD = "select";

    private static final int VERSION = 1;

    private SelectClass() {}

    /**
     * What to open.
     *
     * @param account whose mail
     * @param folder which
     */
    public record Parameters(AccountId account, FolderRef folder) {
        /** Checks that nothing is null. */
        public Parameters {
            Objects.requireNonNull(account, "account");
            Objects.requireNonNull(folder, "folder");
        }

        /** The call. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(64);
            int mark = out.begin(VERSION, 1);
            out.raw(account.bytes());
            folder.encode(out);
            return new ClassCall(MailClasses.MAILBOX, METHOD, out.end(mark).toBytes(), Data.EMPTY);
        }

        static Parameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            Parameters parameters = new Parameters(AccountRef.account(in), FolderRef.decode(in));
            in.end(struct);
            return parameters;
        }
    }

    /**
     * What a folder is.
     *
     * @param number its number
     * @param guid its id, 16 bytes
     * @param header its header
     * @param uids that exist
     */
    public record Reply(FolderNumber number, Bytes guid, FolderHeader header, UidSet uids) {
        Bytes encode() {
            ByteWriter out = new ByteWriter(256);
            int mark = out.begin(VERSION, 1);
            out.varint(number.value()).bytes(guid).bytes(header.encode());
            uids.encode(out);
            return out.end(mark).toBytes();
        }

        /** Reads the output of a call with status OK. */
        public static Reply decode(Bytes output) {
            ByteReader in = new ByteReader(output);
            ByteReader.Struct struct = in.begin(VERSION);
            Reply reply = new Reply(
                    new FolderNumber(in.count(Integer.MAX_VALUE)),
                    in.bytes(),
                    FolderHeader.decode(in.bytes()),
                    UidSet.decode(in));
            in.end(struct);
            return reply;
        }
    }

    static ClassReply evaluate(LocatorView view, Parameters parameters) {
        AccountId account = parameters.account;
        if (MailTransaction.header(view, account) == null) {
            return MailStatus.NO_SUCH_ACCOUNT.refuse();
        }
        FolderTree.Node node = node(FolderTree.decode(view.value(MailRows.tree(account))), parameters.folder);
        Entry entry = node == null ? null : view.entry(MailRows.folder(account, node.number()));
        if (entry == null) {
            return MailStatus.NO_SUCH_FOLDER.refuse();
        }
        FolderHeader header = FolderHeader.decode(entry.attributes());
        UidSet uids = uids(view, account, node.number(), header).toSet();
        return ClassReply.read(new Reply(node.number(), node.guid(), header, uids).encode());
    }

    private static FolderTree.Node node(FolderTree tree, FolderRef ref) {
        return ref instanceof FolderRef.ByNumber byNumber
                ? tree.node(byNumber.number())
                : tree.find(((FolderRef.ByPath) ref).path());
    }

    /** The UIDs that exist. */
    private static UidCheckpoint uids(LocatorView view, AccountId account, FolderNumber folder, FolderHeader header) {
        UidCheckpoint uids = UidCheckpoint.decode(view.value(MailRows.checkpoint(account, folder)));
        EntryCursor changes = view.entries(
                MailRows.change(account, folder, header.log().checkpoint() + 1),
                MailRows.folderEnd(MailRows.CHANGE, account, folder));
        while (changes.next()) {
            uids.apply(ChangeRow.decode(changes.entry().attributes()));
        }
        return uids;
    }
}
