package io.roost.mailstore.mailbox;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;

/**
 * Names of the mail store's rows in the locator of an account's bodies. The first byte is the kind; the object store keeps
 * 0x40 to 0x7f, and of pending work 0xc0 to 0xff, for the mail store.
 *
 * <pre>
 * kind  what            rest of the name                                           row
 * 0x40  account         account id 16                                              {@link AccountHeader}
 * 0x41  folder tree     account id 16                                              {@link FolderTree} (value)
 * 0x42  folder          account id 16, folder u32                                  {@link FolderHeader}
 * 0x43  message         account id 16, folder u32, UID u32                         {@link MessageRecord}
 * 0x44  change          account id 16, folder u32, MODSEQ u64                      {@link ChangeRow}
 * 0x45  UID checkpoint  account id 16, folder u32                                  {@link UidCheckpoint} (value)
 * 0x46  references      account id 16, email id 16                                 {@link EmailReferences}
 * 0x47  content         account id 16, email id 16                                 {@link ContentRow} (value)
 * 0x48  kept message    account id 16, folder u32, UID u32                         {@link KeptMessage}
 * 0x49  rebuild         account id 16                                              {@link RebuildRow}
 * 0x4a  dict            account id 16, dict's name, 00, key                        a program's own (value)
 * 0xc0  end of keeping  due in milliseconds u64, account id 16, folder u32, UID u32  empty
 * 0xc1  folder's end    account id 16, folder u32                                  {@link FolderEnd}
 * 0xc2  copy            account id 16, copy id 16                                  {@link CopyProgress}
 * </pre>
 */
public final class MailRows {
    /** Kind of accounts. */
    public static final int ACCOUNT = 0x40;

    /** Kind of folder trees. */
    public static final int TREE = 0x41;

    /** Kind of folders. */
    public static final int FOLDER = 0x42;

    /** Kind of messages. */
    public static final int MESSAGE = 0x43;

    /** Kind of changes. */
    public static final int CHANGE = 0x44;

    /** Kind of UID checkpoints. */
    public static final int CHECKPOINT = 0x45;

    /** Kind of references. */
    public static final int REFERENCES = 0x46;

    /** Kind of contents. */
    public static final int CONTENT = 0x47;

    /** Kind of kept messages. */
    public static final int KEPT = 0x48;

    /** Kind of accounts that are being rebuilt. */
    public static final int REBUILD = 0x49;

    /** Kind of what programs in front keep. */
    public static final int DICT = 0x4a;

    /** Kind of ends of keeping. */
    public static final int KEPT_END = 0xc0;

    /** Kind of folders' ends. */
    public static final int FOLDER_END = 0xc1;

    /** Kind of copies of several transactions. */
    public static final int COPY_PROGRESS = 0xc2;

    private static final int FOLDER_AT = 1 + IdText.BYTES;
    private static final int UID_AT = FOLDER_AT + 4;

    private MailRows() {}

    /** Name of an account's header. */
    public static Bytes account(AccountId account) {
        return name(ACCOUNT, account, 0);
    }

    /** Name of the row that an account has while it is rebuilt. */
    public static Bytes rebuild(AccountId account) {
        return name(REBUILD, account, 0);
    }

    /** Name of a key of a dict, whose name has no byte 00. */
    public static Bytes dict(AccountId account, String dict, Bytes key) {
        return name(DICT, account, 0)
                .concat(Bytes.utf8(dict))
                .concat(Bytes.of(0))
                .concat(key);
    }

    /** The key, from the name of a row of a dict. */
    public static Bytes dictKey(Bytes name, String dict) {
        return name.slice(FOLDER_AT + Bytes.utf8(dict).length() + 1, name.length());
    }

    /** First of the names of an account's rows of a kind, but for ends of keeping. */
    public static Bytes accountBegin(int kind, AccountId account) {
        return name(kind, account, 0);
    }

    /** Name of an account's folder tree. */
    public static Bytes tree(AccountId account) {
        return name(TREE, account, 0);
    }

    /** Name of a folder's header. */
    public static Bytes folder(AccountId account, FolderNumber folder) {
        return inFolder(FOLDER, account, folder, 0);
    }

    /** Name of a message's record; {@code uid} may be one beyond the greatest, as the end of a range. */
    public static Bytes message(AccountId account, FolderNumber folder, long uid) {
        return withUid(MESSAGE, account, folder, uid);
    }

    /** End of the names of a folder's rows of a kind. */
    public static Bytes folderEnd(int kind, AccountId account, FolderNumber folder) {
        return inFolder(kind, account, folder, 0).prefixEnd();
    }

    /** Name of a change. */
    public static Bytes change(AccountId account, FolderNumber folder, long modSeq) {
        Bytes name = inFolder(CHANGE, account, folder, 8);
        u64(name, UID_AT, modSeq);
        return name;
    }

    /** Name of a folder's UID checkpoint. */
    public static Bytes checkpoint(AccountId account, FolderNumber folder) {
        return inFolder(CHECKPOINT, account, folder, 0);
    }

    /** Name of the references to a content. */
    public static Bytes references(AccountId account, EmailId email) {
        return withEmail(REFERENCES, account, email);
    }

    /** Name of a content. */
    public static Bytes content(AccountId account, EmailId email) {
        return withEmail(CONTENT, account, email);
    }

    /** Name of a kept message. */
    public static Bytes kept(AccountId account, FolderNumber folder, long uid) {
        return withUid(KEPT, account, folder, uid);
    }

    /** End of the names of an account's rows of a kind. */
    public static Bytes accountEnd(int kind, AccountId account) {
        return name(kind, account, 0).prefixEnd();
    }

    /** Name of the end of keeping a message. */
    public static Bytes keptEnd(long dueMillis, AccountId account, FolderNumber folder, long uid) {
        byte[] name = new byte[1 + 8 + IdText.BYTES + 8];
        name[0] = (byte) KEPT_END;
        Bytes wrapped = Bytes.wrap(name);
        u64(wrapped, 1, dueMillis);
        System.arraycopy(account.bytes().array(), 0, name, 9, IdText.BYTES);
        u32(wrapped, 9 + IdText.BYTES, folder.value());
        u32(wrapped, 13 + IdText.BYTES, uid);
        return wrapped;
    }

    /** First name of the ends of keeping. */
    public static Bytes keptDueBegin() {
        return Bytes.of(KEPT_END);
    }

    /** End of the names of what is kept until a time at most. */
    public static Bytes keptDueEnd(long nowMillis) {
        byte[] name = new byte[9];
        name[0] = (byte) KEPT_END;
        Bytes wrapped = Bytes.wrap(name);
        u64(wrapped, 1, nowMillis + 1);
        return wrapped;
    }

    /**
     * What the name of an end of keeping says.
     *
     * @param account whose
     * @param folder where it was
     * @param uid which it had
     */
    public record KeptEnd(AccountId account, FolderNumber folder, long uid) {}

    /** What the name of an end of keeping says. */
    public static KeptEnd keptEnd(Bytes name) {
        requireLength(name, 1 + 8 + IdText.BYTES + 8);
        return new KeptEnd(
                new AccountId(name.slice(9, 9 + IdText.BYTES)),
                new FolderNumber((int) readU32(name, 9 + IdText.BYTES)),
                readU32(name, 13 + IdText.BYTES));
    }

    /** Name of a folder's end. */
    public static Bytes folderEndWork(AccountId account, FolderNumber folder) {
        return inFolder(FOLDER_END, account, folder, 0);
    }

    /** Name of a copy of several transactions. */
    public static Bytes copyProgress(AccountId account, Bytes copyId) {
        Bytes name = name(COPY_PROGRESS, account, IdText.BYTES);
        System.arraycopy(copyId.array(), 0, name.array(), FOLDER_AT, IdText.BYTES);
        return name;
    }

    /** The copy, from its name. */
    public static Bytes copyOf(Bytes name) {
        requireLength(name, FOLDER_AT + IdText.BYTES);
        return name.slice(FOLDER_AT, name.length());
    }

    /** The UID, from the name of a message or a kept message. */
    public static long uidOf(Bytes name) {
        requireLength(name, UID_AT + 4);
        return readU32(name, UID_AT);
    }

    /** The account, from the name of a row that is no end of keeping. */
    public static AccountId accountOf(Bytes name) {
        if (name.length() < FOLDER_AT) {
            throw new MalformedBytesException("name of " + name.length() + " bytes");
        }
        return new AccountId(name.slice(1, FOLDER_AT));
    }

    /** The folder, from the name of a row that is of one. */
    public static FolderNumber folderOf(Bytes name) {
        if (name.length() < UID_AT) {
            throw new MalformedBytesException("name of " + name.length() + " bytes");
        }
        return new FolderNumber((int) readU32(name, FOLDER_AT));
    }

    /** The MODSEQ, from the name of a change. */
    public static long modSeqOf(Bytes name) {
        requireLength(name, UID_AT + 8);
        return readU32(name, UID_AT) << 32 | readU32(name, UID_AT + 4);
    }

    private static Bytes name(int kind, AccountId account, int more) {
        byte[] name = new byte[1 + IdText.BYTES + more];
        name[0] = (byte) kind;
        System.arraycopy(account.bytes().array(), 0, name, 1, IdText.BYTES);
        return Bytes.wrap(name);
    }

    private static Bytes inFolder(int kind, AccountId account, FolderNumber folder, int more) {
        Bytes name = name(kind, account, 4 + more);
        u32(name, FOLDER_AT, folder.value());
        return name;
    }

    private static Bytes withUid(int kind, AccountId account, FolderNumber folder, long uid) {
        if (uid == UidSet.MAX_UID + 1) {
            return folderEnd(kind, account, folder);
        }
        Bytes name = inFolder(kind, account, folder, 4);
        u32(name, UID_AT, uid);
        return name;
    }

    private static Bytes withEmail(int kind, AccountId account, EmailId email) {
        Bytes name = name(kind, account, IdText.BYTES);
        System.arraycopy(email.bytes().array(), 0, name.array(), FOLDER_AT, IdText.BYTES);
        return name;
    }

    /** Only for names that nobody has seen yet. */
    private static void u32(Bytes name, int at, long value) {
        for (int i = 0; i < 4; i++) {
            name.array()[at + i] = (byte) (value >>> (24 - 8 * i));
        }
    }

    private static void u64(Bytes name, int at, long value) {
        u32(name, at, value >>> 32);
        u32(name, at + 4, value);
    }

    private static long readU32(Bytes name, int at) {
        return (long) name.at(at) << 24 | name.at(at + 1) << 16 | name.at(at + 2) << 8 | name.at(at + 3);
    }

    private static void requireLength(Bytes name, int length) {
        if (name.length() != length) {
            throw new MalformedBytesException("name of " + name.length() + " bytes instead of " + length);
        }
    }
}
