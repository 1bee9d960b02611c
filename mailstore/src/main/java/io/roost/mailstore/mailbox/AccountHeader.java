package io.roost.mailstore.mailbox;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;

/**
 * What an account has in all: its clocks and its quota, exact as of every transaction.
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * next folder        varint  number of the next folder
 * last UIDVALIDITY   varint  greatest given
 * used bytes         varint  octets of all messages
 * used messages      varint
 * limit bytes        varint  0 for none
 * limit messages     varint  0 for none
 * </pre>
 *
 * @param nextFolder number that the next folder gets
 * @param lastUidValidity greatest UIDVALIDITY given to a folder
 * @param used what counts for the quota
 * @param limit what it may grow to
 */
public record AccountHeader(int nextFolder, long lastUidValidity, Quota used, Quota limit) {
    private static final int VERSION = 1;

    /** Checks the ranges. */
    public AccountHeader {
        if (nextFolder < 1 || lastUidValidity < 0 || lastUidValidity > UidSet.MAX_UID) {
            throw new IllegalArgumentException("next folder " + nextFolder + ", UIDVALIDITY " + lastUidValidity);
        }
    }

    /**
     * An amount of mail.
     *
     * @param bytes octets as IMAP counts them; of a limit, {@link #UNLIMITED} for none
     * @param messages how many; of a limit, {@link #UNLIMITED} for none
     */
    public record Quota(long bytes, long messages) {
        /** No mail; as a limit, no limit. */
        public static final Quota NONE = new Quota(0, 0);

        /** A limit that there is not. */
        public static final long UNLIMITED = 0;

        /** Checks that nothing is negative: usage that would be has lost its exactness. */
        public Quota {
            if (bytes < 0 || messages < 0) {
                throw new IllegalArgumentException("quota of " + bytes + " bytes and " + messages + " messages");
            }
        }

        /** This and more. */
        public Quota plus(long moreBytes, long moreMessages) {
            return new Quota(bytes + moreBytes, messages + moreMessages);
        }

        /** True when an amount is within this limit. */
        public boolean admits(Quota amount) {
            return (bytes == UNLIMITED || amount.bytes <= bytes)
                    && (messages == UNLIMITED || amount.messages <= messages);
        }
    }

    /** A new account, with no folder yet. */
    public static AccountHeader empty(Quota limit) {
        return new AccountHeader(FolderNumber.INBOX.value(), 0, Quota.NONE, limit);
    }

    /** With other usage. */
    public AccountHeader withUsed(Quota newUsed) {
        return new AccountHeader(nextFolder, lastUidValidity, newUsed, limit);
    }

    /** With another limit. */
    public AccountHeader withLimit(Quota newLimit) {
        return new AccountHeader(nextFolder, lastUidValidity, used, newLimit);
    }

    /** The UIDVALIDITY of the next folder: greater than all before, about the time in seconds. */
    public long nextUidValidity(long nowMillis) {
        return Math.max(lastUidValidity + 1, nowMillis / 1000);
    }

    /** After a folder has come from elsewhere with its UIDVALIDITY, which no other gets. */
    public AccountHeader withUidValidity(long uidValidity) {
        return new AccountHeader(nextFolder, Math.max(lastUidValidity, uidValidity), used, limit);
    }

    /** After a folder was made. */
    public AccountHeader withFolderMade(long uidValidity) {
        return new AccountHeader(nextFolder + 1, uidValidity, used, limit);
    }

    /** No usage, and of two headers the later clocks; the limit is this one's. */
    public AccountHeader clocksWith(AccountHeader other) {
        return new AccountHeader(
                Math.max(nextFolder, other.nextFolder),
                Math.max(lastUidValidity, other.lastUidValidity),
                Quota.NONE,
                limit);
    }

    /** The row. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(48);
        int mark = out.begin(VERSION, 1);
        out.varint(nextFolder).varint(lastUidValidity);
        out.varint(used.bytes).varint(used.messages).varint(limit.bytes).varint(limit.messages);
        return out.end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static AccountHeader decode(Bytes attributes) {
        ByteReader in = new ByteReader(attributes);
        ByteReader.Struct struct = in.begin(VERSION);
        AccountHeader header = new AccountHeader(
                in.count(Integer.MAX_VALUE),
                in.varint(),
                new Quota(in.varint(), in.varint()),
                new Quota(in.varint(), in.varint()));
        in.end(struct);
        return header;
    }
}
