package io.roost.objectstore.layout;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.util.Arrays;

/**
 * Names of the entries in the locator of a bucket's shard and in that of a stripe. The first byte is the kind; kinds
 * from 0x80 on are pending work and live in the {@code work} family.
 *
 * <pre>
 * kind  what              rest of the name                                      row
 * 0x01  shard header      -                                                     {@link ShardHeader}
 * 0x02  counters          -                                                     {@link Counters}
 * 0x10  object version    key escaped, 00 01, inverted sequence u64             {@link Head}, {@link ObjectMetadata}, body
 * 0x11  null version      key escaped, 00 01                                    sequence of the null version, if not 0
 * 0x20  reference         stripe set id or upload id, 16 bytes                  {@link ReferenceRow}
 * 0x21  page of parts     upload id 16, page number u16                         {@link PartPage}
 * 0x22  completed upload  upload id 16                                          {@link CompletedRow}
 * 0x30  stripe            -                                                     {@link Stripe} and its body
 * 0x40 to 0x7f            rows of the mail store
 * 0x80  upload            key escaped, 00 01, upload id 16                      {@link UploadRow}
 * 0x84  intent            stripe set id 16                                      {@link IntentRow}
 * 0x88  garbage           due time in milliseconds u64, id 16, garbage kind u8  {@link GarbageRow}
 * 0x8c  tombstone         -                                                     {@link Stripe.Tombstone}
 * 0xc0 to 0xff            pending work of the mail store
 * </pre>
 *
 * A key is escaped by writing 00 as 00 FF, so that the terminator 00 01 sorts before every continuation: entries are in
 * the byte order of their keys. The sequence is written as its complement, so that the newest version comes first and the
 * latest is one seek; sequence 0, of a bucket that was never versioned, comes last.
 */
public final class EntryNames {
    /** Longest key of the S3 API, in bytes. */
    public static final int MAX_KEY_BYTES = 1024;

    /** Length of upload ids, stripe set ids and bucket ids. */
    public static final int ID_BYTES = 16;

    /** Kind of object versions. */
    public static final int KEY = 0x10;

    /** Kind of pointers to null versions. */
    public static final int NULL_VERSION = 0x11;

    /** Kind of reference rows. */
    public static final int REFERENCE = 0x20;

    /** Kind of pages of parts. */
    public static final int PART_PAGE = 0x21;

    /** Kind of completed uploads. */
    public static final int COMPLETED = 0x22;

    /** Kind of open uploads. */
    public static final int UPLOAD = 0x80;

    /** Kind of intents. */
    public static final int INTENT = 0x84;

    /** Kind of garbage rows. */
    public static final int GARBAGE = 0x88;

    /** Name of a shard's header row. */
    public static final Bytes SHARD_HEADER = Bytes.of(0x01);

    /** Name of a shard's counters. */
    public static final Bytes COUNTERS = Bytes.of(0x02);

    /** Name of the only entry of a stripe's locator. */
    public static final Bytes STRIPE = Bytes.of(0x30);

    /** Name of the tombstone in a stripe's locator. */
    public static final Bytes TOMBSTONE = Bytes.of(0x8c);

    private static final int TERMINATOR_BYTES = 2;
    private static final int SEQUENCE_BYTES = 8;

    private EntryNames() {}

    /** First name of a kind. */
    public static Bytes kindBegin(int kind) {
        return Bytes.of(kind);
    }

    /** End of the names of a kind. */
    public static Bytes kindEnd(int kind) {
        return Bytes.of(kind + 1);
    }

    /** Name of a version of a key. */
    public static Bytes version(Bytes key, long sequence) {
        byte[] name = escaped(KEY, key, TERMINATOR_BYTES + SEQUENCE_BYTES);
        int at = name.length - SEQUENCE_BYTES;
        name[at - 1] = 1;
        long inverted = ~sequence;
        for (int i = 0; i < SEQUENCE_BYTES; i++) {
            name[at + i] = (byte) (inverted >>> (56 - 8 * i));
        }
        return Bytes.wrap(name);
    }

    /** First name at or after every version of a key and before those of every greater key. */
    public static Bytes keyBegin(int kind, Bytes key) {
        byte[] name = escaped(kind, key, TERMINATOR_BYTES);
        name[name.length - 1] = 1;
        return Bytes.wrap(name);
    }

    /** End of the names of a key: those of every greater key, also of one that begins with this one, come after it. */
    public static Bytes keyEnd(int kind, Bytes key) {
        byte[] name = escaped(kind, key, TERMINATOR_BYTES);
        name[name.length - 1] = 2;
        return Bytes.wrap(name);
    }

    /** First name of the keys that begin with a prefix; the kind's first one for the empty prefix. */
    public static Bytes prefixBegin(int kind, Bytes prefix) {
        return Bytes.wrap(escaped(kind, prefix, 0));
    }

    /** End of the names of the keys that begin with a prefix. */
    public static Bytes prefixEnd(int kind, Bytes prefix) {
        return Bytes.wrap(escaped(kind, prefix, 0)).prefixEnd();
    }

    /** Name of the pointer to a key's null version. */
    public static Bytes nullVersion(Bytes key) {
        return keyBegin(NULL_VERSION, key);
    }

    /** Name of the reference row of a stripe set or an upload. */
    public static Bytes reference(Bytes id) {
        return withId(REFERENCE, id, 0);
    }

    /** Name of the page that holds a part. */
    public static Bytes partPage(Bytes uploadId, int pageNumber) {
        byte[] name = withId(PART_PAGE, uploadId, 2).array();
        name[name.length - 2] = (byte) (pageNumber >>> 8);
        name[name.length - 1] = (byte) pageNumber;
        return Bytes.wrap(name);
    }

    /** End of the names of an upload's pages of parts. */
    public static Bytes partPagesEnd(Bytes uploadId) {
        return withId(PART_PAGE, uploadId, 0).prefixEnd();
    }

    /** Name of a completed upload. */
    public static Bytes completed(Bytes uploadId) {
        return withId(COMPLETED, uploadId, 0);
    }

    /** Name of an open upload. */
    public static Bytes upload(Bytes key, Bytes uploadId) {
        checkId(uploadId);
        byte[] name = escaped(UPLOAD, key, TERMINATOR_BYTES + ID_BYTES);
        name[name.length - ID_BYTES - 1] = 1;
        System.arraycopy(uploadId.array(), 0, name, name.length - ID_BYTES, ID_BYTES);
        return Bytes.wrap(name);
    }

    /** Name of the intent to write a stripe set. */
    public static Bytes intent(Bytes setId) {
        return withId(INTENT, setId, 0);
    }

    /** Name of a garbage row. */
    public static Bytes garbage(long dueMillis, Bytes id, GarbageRow.Kind kind) {
        checkId(id);
        byte[] name = new byte[1 + 8 + ID_BYTES + 1];
        name[0] = (byte) GARBAGE;
        for (int i = 0; i < 8; i++) {
            name[1 + i] = (byte) (dueMillis >>> (56 - 8 * i));
        }
        System.arraycopy(id.array(), 0, name, 9, ID_BYTES);
        name[name.length - 1] = (byte) kind.code();
        return Bytes.wrap(name);
    }

    /** End of the names of garbage due at or before a time. */
    public static Bytes garbageDueEnd(long nowMillis) {
        byte[] name = new byte[9];
        name[0] = (byte) GARBAGE;
        long end = nowMillis + 1;
        for (int i = 0; i < 8; i++) {
            name[1 + i] = (byte) (end >>> (56 - 8 * i));
        }
        return Bytes.wrap(name);
    }

    /** When a garbage row is due, from its name. */
    public static long garbageDueMillis(Bytes name) {
        requireLength(name, 1 + 8 + ID_BYTES + 1);
        return u64(name, 1);
    }

    /** What a garbage row is about: the id in its name. */
    public static Bytes garbageId(Bytes name) {
        requireLength(name, 1 + 8 + ID_BYTES + 1);
        return name.slice(9, 9 + ID_BYTES);
    }

    /** The kind of a garbage row, from its name. */
    public static GarbageRow.Kind garbageKind(Bytes name) {
        requireLength(name, 1 + 8 + ID_BYTES + 1);
        return GarbageRow.Kind.ofCode(name.at(name.length() - 1));
    }

    /** The id of an intent, a reference row or a completed upload, from its name. */
    public static Bytes idOf(Bytes name) {
        requireLength(name, 1 + ID_BYTES);
        return name.slice(1, 1 + ID_BYTES);
    }

    /** The page's number, from the name of a page of parts. */
    public static int pageNumberOf(Bytes name) {
        requireLength(name, 1 + ID_BYTES + 2);
        return name.at(1 + ID_BYTES) << 8 | name.at(2 + ID_BYTES);
    }

    /** The key, from the name of a version. */
    public static Bytes keyOfVersion(Bytes name) {
        return unescaped(name, name.length() - TERMINATOR_BYTES - SEQUENCE_BYTES);
    }

    /** Length of the part of a version's name that is the same for all versions of its key. */
    public static int keyPartLength(Bytes versionName) {
        return versionName.length() - SEQUENCE_BYTES;
    }

    /** The sequence, from the name of a version. */
    public static long sequenceOf(Bytes name) {
        if (name.length() < 1 + TERMINATOR_BYTES + SEQUENCE_BYTES) {
            throw new MalformedBytesException("name of a version of " + name.length() + " bytes");
        }
        return ~u64(name, name.length() - SEQUENCE_BYTES);
    }

    /** The key, from the name of the pointer to its null version. */
    public static Bytes keyOfNullVersion(Bytes name) {
        return unescaped(name, name.length() - TERMINATOR_BYTES);
    }

    /** The key, from the name of an upload. */
    public static Bytes keyOfUpload(Bytes name) {
        return unescaped(name, name.length() - TERMINATOR_BYTES - ID_BYTES);
    }

    /** The upload id, from the name of an upload. */
    public static Bytes uploadIdOf(Bytes name) {
        if (name.length() < 1 + TERMINATOR_BYTES + ID_BYTES) {
            throw new MalformedBytesException("name of an upload of " + name.length() + " bytes");
        }
        return name.slice(name.length() - ID_BYTES, name.length());
    }

    /** Checks the length of an id. */
    static void checkId(Bytes id) {
        if (id.length() != ID_BYTES) {
            throw new IllegalArgumentException("id of " + id.length() + " bytes");
        }
    }

    /** Kind byte and escaped key in an array that has room for more, zeroed, at its end. */
    private static byte[] escaped(int kind, Bytes key, int more) {
        byte[] raw = key.array();
        int zeros = 0;
        for (byte b : raw) {
            if (b == 0) {
                zeros++;
            }
        }
        byte[] name = new byte[1 + raw.length + zeros + more];
        name[0] = (byte) kind;
        if (zeros == 0) {
            System.arraycopy(raw, 0, name, 1, raw.length);
            return name;
        }
        int at = 1;
        for (byte b : raw) {
            name[at++] = b;
            if (b == 0) {
                name[at++] = (byte) 0xff;
            }
        }
        return name;
    }

    private static Bytes unescaped(Bytes name, int end) {
        byte[] raw = name.array();
        if (end < 1 || raw[end] != 0 || raw[end + 1] != 1) {
            throw new MalformedBytesException("no key ends at " + end + " of " + name);
        }
        int zero = 1;
        while (zero < end && raw[zero] != 0) {
            zero++;
        }
        if (zero == end) {
            return Bytes.copyOf(raw, 1, end);
        }
        byte[] key = new byte[end - 1];
        int length = 0;
        for (int i = 1; i < end; i++) {
            key[length++] = raw[i];
            if (raw[i] == 0) {
                i++;
                if (i == end || raw[i] != (byte) 0xff) {
                    throw new MalformedBytesException("a bare 00 in the key of " + name);
                }
            }
        }
        return Bytes.wrap(Arrays.copyOf(key, length));
    }

    private static Bytes withId(int kind, Bytes id, int more) {
        checkId(id);
        byte[] name = new byte[1 + ID_BYTES + more];
        name[0] = (byte) kind;
        System.arraycopy(id.array(), 0, name, 1, ID_BYTES);
        return Bytes.wrap(name);
    }

    private static long u64(Bytes name, int at) {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | name.at(at + i);
        }
        return value;
    }

    private static void requireLength(Bytes name, int length) {
        if (name.length() != length) {
            throw new MalformedBytesException("name of " + name.length() + " bytes instead of " + length);
        }
    }
}
