package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.Objects;

/**
 * The back-reference that every stripe carries, as the attributes of its entry: whose bytes these are.
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * set id        16 bytes
 * number        varint
 * head locator  bytes (varint length first)
 * key           bytes
 * part number   varint, 0 when the set is an object's own
 * upload id     16 bytes, only with a part number
 * </pre>
 *
 * The locator key of a stripe is {@code 's', set id (16 bytes), number u32}; its only entry is
 * {@link EntryNames#STRIPE}, and {@link EntryNames#TOMBSTONE} forbids to make it.
 *
 * @param owner the set and who it was written for
 * @param number of the stripe within its set, from 0
 */
public record Stripe(Owner owner, int number) {
    private static final int VERSION = 1;

    /** Checks the range. */
    public Stripe {
        Objects.requireNonNull(owner, "owner");
        if (number < 0) {
            throw new IllegalArgumentException("stripe " + number);
        }
    }

    /**
     * Whom a stripe set was written for.
     *
     * @param setId 16 bytes
     * @param headLocator key of the locator (of pool {@code data}) that has the intent and then the head or the part row
     * @param key the object's key
     * @param uploadId 16 bytes, empty when the set is an object's own
     * @param partNumber 0 when the set is an object's own
     */
    public record Owner(Bytes setId, Bytes headLocator, Bytes key, Bytes uploadId, int partNumber) {
        /** Checks the lengths. */
        public Owner {
            EntryNames.checkId(setId);
            Objects.requireNonNull(headLocator, "headLocator");
            Objects.requireNonNull(key, "key");
            if (partNumber < 0 || partNumber > PartPage.MAX_PART_NUMBER || uploadId.isEmpty() != (partNumber == 0)) {
                throw new IllegalArgumentException("part " + partNumber);
            }
            if (partNumber > 0) {
                EntryNames.checkId(uploadId);
            }
        }

        /** The owner of an object's own set. */
        public static Owner ofObject(Bytes setId, Bytes headLocator, Bytes key) {
            return new Owner(setId, headLocator, key, Bytes.EMPTY, 0);
        }

        private void encode(ByteWriter out, int number) {
            out.raw(setId).varint(number).bytes(headLocator).bytes(key).varint(partNumber);
            if (partNumber > 0) {
                out.raw(uploadId);
            }
        }
    }

    /** Locator key of a stripe of a set. */
    public static Bytes locatorKey(Bytes setId, int number) {
        return new ByteWriter(1 + EntryNames.ID_BYTES + 4)
                .u8('s')
                .raw(setId)
                .u32(number)
                .toBytes();
    }

    /** True for the locator key of a stripe. */
    public static boolean isStripe(Bytes locatorKey) {
        return locatorKey.length() == 1 + EntryNames.ID_BYTES + 4 && locatorKey.at(0) == 's';
    }

    /** The attributes of the stripe's entry. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(128);
        int mark = out.begin(VERSION, 1);
        owner.encode(out, number);
        return out.end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static Stripe decode(Bytes attributes) {
        ByteReader in = new ByteReader(attributes);
        ByteReader.Struct struct = in.begin(VERSION);
        Bytes setId = in.raw(EntryNames.ID_BYTES);
        int number = in.count(Integer.MAX_VALUE);
        Bytes headLocator = in.bytes();
        Bytes key = in.bytes();
        int partNumber = in.count(PartPage.MAX_PART_NUMBER);
        Bytes uploadId = partNumber > 0 ? in.raw(EntryNames.ID_BYTES) : Bytes.EMPTY;
        in.end(struct);
        return new Stripe(new Owner(setId, headLocator, key, uploadId, partNumber), number);
    }

    /**
     * Stands in a stripe's locator after its intent was reaped, so that a late write of the stripe fails.
     *
     * <pre>
     * version u8, compat u8, length u32
     * expires  varint
     * </pre>
     *
     * @param expiresMillis when it may be removed, Unix milliseconds
     */
    public record Tombstone(long expiresMillis) {
        /** The row. */
        public Bytes encode() {
            ByteWriter out = new ByteWriter(16);
            int mark = out.begin(VERSION, 1);
            return out.varint(expiresMillis).end(mark).toBytes();
        }

        /** Reads what {@link #encode} writes. */
        public static Tombstone decode(Bytes attributes) {
            ByteReader in = new ByteReader(attributes);
            ByteReader.Struct struct = in.begin(VERSION);
            Tombstone tombstone = new Tombstone(in.varint());
            in.end(struct);
            return tombstone;
        }
    }
}
