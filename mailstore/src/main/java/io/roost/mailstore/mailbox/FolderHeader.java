package io.roost.mailstore.mailbox;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What a folder is as of its last transaction: what SELECT and STATUS tell without reading its messages.
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * UIDVALIDITY      varint
 * UIDNEXT          varint
 * HIGHESTMODSEQ    varint
 * log floor        varint  changes up to this MODSEQ are no longer in the log
 * log rows         varint  changes that are
 * checkpoint       varint  MODSEQ of the UID checkpoint, 0 for none
 * exists           varint
 * unseen           varint
 * deleted          varint  messages with \Deleted
 * bytes            varint
 * keywords         count varint, texts
 * </pre>
 *
 * @param uidValidity of its UIDs
 * @param uidNext UID of the next message
 * @param log where its changes are
 * @param counts of its messages
 * @param keywords dictionary: the n-th is bit n of a message's keywords; never shortened
 */
public record FolderHeader(long uidValidity, long uidNext, Log log, Counts counts, List<String> keywords) {
    /** Keywords of a folder: a message has one bit for each. */
    public static final int MAX_KEYWORDS = 64;

    /** Longest keyword. */
    public static final int MAX_KEYWORD_CHARACTERS = 128;

    private static final int VERSION = 1;

    /** Copies the list and checks the ranges. */
    public FolderHeader {
        Objects.requireNonNull(log, "log");
        Objects.requireNonNull(counts, "counts");
        keywords = List.copyOf(keywords);
        if (uidValidity < 1 || uidValidity > UidSet.MAX_UID || uidNext < 1 || uidNext > UidSet.MAX_UID + 1) {
            throw new IllegalArgumentException("UIDVALIDITY " + uidValidity + ", UIDNEXT " + uidNext);
        }
        if (keywords.size() > MAX_KEYWORDS) {
            throw new IllegalArgumentException(keywords.size() + " keywords");
        }
    }

    /**
     * The state of the change log.
     *
     * @param highestModSeq of the newest change, at least 1
     * @param floor changes up to this are gone
     * @param rows changes that are there
     * @param checkpoint MODSEQ of the UID checkpoint, 0 for none
     */
    public record Log(long highestModSeq, long floor, long rows, long checkpoint) {
        /** Of a new folder. HIGHESTMODSEQ must not be 0 (RFC 7162 3.1.1). */
        public static final Log NEW = new Log(1, 1, 0, 0);

        /** Checks the order. */
        public Log {
            if (highestModSeq < 1 || floor < 0 || floor > highestModSeq || rows < 0 || checkpoint > highestModSeq) {
                throw new IllegalArgumentException("log of " + rows + " rows from " + floor + " to " + highestModSeq
                        + ", checkpoint " + checkpoint);
            }
        }
    }

    /**
     * Numbers of messages.
     *
     * @param exists all
     * @param unseen without \Seen
     * @param deleted with \Deleted
     * @param bytes octets of all
     */
    public record Counts(long exists, long unseen, long deleted, long bytes) {
        /** No message. */
        public static final Counts NONE = new Counts(0, 0, 0, 0);

        /** Checks that nothing is negative: a count that would be has lost its exactness. */
        public Counts {
            if (exists < 0 || unseen < 0 || unseen > exists || deleted < 0 || deleted > exists || bytes < 0) {
                throw new IllegalArgumentException("counts " + exists + ", " + unseen + ", " + deleted + ", " + bytes);
            }
        }

        /** With a message more. */
        public Counts plus(MailFlags flags, long sizeBytes) {
            return change(flags, sizeBytes, 1);
        }

        /** With a message less. */
        public Counts minus(MailFlags flags, long sizeBytes) {
            return change(flags, sizeBytes, -1);
        }

        private Counts change(MailFlags flags, long sizeBytes, int sign) {
            return new Counts(
                    exists + sign,
                    unseen + (flags.has(MailFlags.SEEN) ? 0 : sign),
                    deleted + (flags.has(MailFlags.DELETED) ? sign : 0),
                    bytes + sign * sizeBytes);
        }
    }

    /** A folder without messages. */
    public static FolderHeader empty(long uidValidity) {
        return new FolderHeader(uidValidity, 1, Log.NEW, Counts.NONE, List.of());
    }

    /** With UIDs of elsewhere. */
    public FolderHeader withUids(long newUidValidity, long newUidNext) {
        return new FolderHeader(newUidValidity, newUidNext, log, counts, keywords);
    }

    /** The bit of a keyword, in any case of its letters, or -1. */
    public int bitOf(String keyword) {
        String key = keyword.toLowerCase(Locale.ROOT);
        for (int bit = 0; bit < keywords.size(); bit++) {
            if (keywords.get(bit).toLowerCase(Locale.ROOT).equals(key)) {
                return bit;
            }
        }
        return -1;
    }

    /** The keywords of some bits. */
    public List<String> keywordsOf(long bits) {
        List<String> names = new ArrayList<>();
        for (int bit = 0; bit < keywords.size(); bit++) {
            if ((bits >>> bit & 1) != 0) {
                names.add(keywords.get(bit));
            }
        }
        return names;
    }

    /** True when the dictionary has the keywords of all of some bits. */
    public boolean knows(long bits) {
        return keywords.size() == Long.SIZE || bits >>> keywords.size() == 0;
    }

    /** The row. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(96);
        int mark = out.begin(VERSION, 1);
        out.varint(uidValidity).varint(uidNext);
        out.varint(log.highestModSeq).varint(log.floor).varint(log.rows).varint(log.checkpoint);
        out.varint(counts.exists).varint(counts.unseen).varint(counts.deleted).varint(counts.bytes);
        out.varint(keywords.size());
        keywords.forEach(out::text);
        return out.end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static FolderHeader decode(Bytes attributes) {
        ByteReader in = new ByteReader(attributes);
        ByteReader.Struct struct = in.begin(VERSION);
        long uidValidity = in.varint();
        long uidNext = in.varint();
        Log log = new Log(in.varint(), in.varint(), in.varint(), in.varint());
        Counts counts = new Counts(in.varint(), in.varint(), in.varint(), in.varint());
        int count = in.count(MAX_KEYWORDS);
        List<String> keywords = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            keywords.add(in.text());
        }
        in.end(struct);
        return new FolderHeader(uidValidity, uidNext, log, counts, keywords);
    }
}
