package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A bucket as the cluster knows it, in the {@code system} pool ({@link SystemNames}).
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * id                 16 bytes
 * name               text
 * owner              text    id of the user
 * created            varint  Unix milliseconds
 * deleting           u8      0 or 1
 * config epoch       varint
 * versioning         u8
 * placement          u8      {@link Placement}
 * layout generation  varint
 * head limit         varint  bytes
 * shards             varint; of each: salt u16
 * location           text
 * use                u8      since version 2, which is written where it is needed only: {@link Use}
 * </pre>
 *
 * @param id 16 bytes, random, never reused
 * @param name as in the API
 * @param owner id of the user it belongs to
 * @param createdMillis Unix milliseconds
 * @param isDeleting true from the beginning of its deletion until it is gone or restored
 * @param configEpoch grows by one with every change of this record
 * @param versioning the versioning state
 * @param layout where its keys are
 * @param location the location constraint, empty for the default region
 * @param use who writes into it
 */
public record BucketRecord(
        Bytes id,
        String name,
        String owner,
        long createdMillis,
        boolean isDeleting,
        long configEpoch,
        Versioning versioning,
        Layout layout,
        String location,
        Use use) {
    /** Shards of a bucket by default. */
    public static final int DEFAULT_SHARDS = 8;

    /** Shards of a bucket with prefix placement by default. */
    public static final int DEFAULT_PREFIX_SHARDS = 256;

    /** Most shards of a bucket: the record, answered by changes of it, fits into a recorded reply. */
    public static final int MAX_SHARDS = 1024;

    /** Largest object that is one entry, by default. */
    public static final int DEFAULT_HEAD_LIMIT_BYTES = 4 * 1024 * 1024;

    private static final int VERSION = 2;

    /** What a reader must know of a bucket that only S3 writes into. */
    private static final int VERSION_WITHOUT_USE = 1;

    /** Who writes into a bucket; fixed when it is created. */
    public enum Use {
        /** Clients of S3. */
        OBJECTS(0),
        /** The mail store: what is in it are the bodies of mail, which S3 reads and does not change. */
        MAIL(1);

        private final int code;

        Use(int code) {
            this.code = code;
        }

        private static Use ofCode(int code) {
            for (Use use : values()) {
                if (use.code == code) {
                    return use;
                }
            }
            throw new MalformedBytesException("use " + code + " of a bucket");
        }
    }

    /** Checks the ranges above. */
    public BucketRecord {
        EntryNames.checkId(id);
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(versioning, "versioning");
        Objects.requireNonNull(layout, "layout");
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(use, "use");
        if (configEpoch < 1) {
            throw new IllegalArgumentException("config epoch " + configEpoch);
        }
    }

    /**
     * Where the keys of a bucket are; fixed when it is created.
     *
     * @param placement how a key's shard is chosen
     * @param generation of the layout, 1 until a bucket can be resharded
     * @param headLimitBytes largest object that is one entry; only writers look at it
     * @param salts one of each shard, 0 to 65535, chosen so that the shards are spread over placement groups
     */
    public record Layout(Placement placement, int generation, int headLimitBytes, List<Integer> salts) {
        /** Copies the list and checks the ranges above. */
        public Layout {
            Objects.requireNonNull(placement, "placement");
            salts = List.copyOf(salts);
            if (salts.isEmpty() || salts.size() > MAX_SHARDS || generation < 1 || headLimitBytes < 0) {
                throw new IllegalArgumentException(
                        salts.size() + " shards, generation " + generation + ", head limit " + headLimitBytes);
            }
            for (int salt : salts) {
                if (salt < 0 || salt > 0xffff) {
                    throw new IllegalArgumentException("salt " + salt);
                }
            }
        }
    }

    /** The record at its next config epoch, with another state of deletion. */
    public BucketRecord withDeleting(boolean deleting) {
        return new BucketRecord(
                id, name, owner, createdMillis, deleting, configEpoch + 1, versioning, layout, location, use);
    }

    /** The record at its next config epoch, with another versioning state. */
    public BucketRecord withVersioning(Versioning newVersioning) {
        return new BucketRecord(
                id, name, owner, createdMillis, isDeleting, configEpoch + 1, newVersioning, layout, location, use);
    }

    /** The record's row. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(160 + 2 * layout.salts.size());
        // A gateway that does not know of mail must not write into it.
        int version = use == Use.OBJECTS ? VERSION_WITHOUT_USE : VERSION;
        int mark = out.begin(version, version);
        out.raw(id)
                .text(name)
                .text(owner)
                .varint(createdMillis)
                .flag(isDeleting)
                .varint(configEpoch);
        out.u8(versioning.code());
        layout.placement.encode(out);
        out.varint(layout.generation).varint(layout.headLimitBytes).varint(layout.salts.size());
        for (int salt : layout.salts) {
            out.u16(salt);
        }
        out.text(location);
        if (version == VERSION) {
            out.u8(use.code);
        }
        return out.end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static BucketRecord decode(Bytes attributes) {
        ByteReader in = new ByteReader(attributes);
        ByteReader.Struct struct = in.begin(VERSION);
        Bytes id = in.raw(EntryNames.ID_BYTES);
        String name = in.text();
        String owner = in.text();
        long createdMillis = in.varint();
        boolean isDeleting = in.flag();
        long configEpoch = in.varint();
        Versioning versioning = Versioning.ofCode(in.u8());
        Placement placement = Placement.decode(in);
        int generation = in.count(Integer.MAX_VALUE);
        int headLimitBytes = in.count(Integer.MAX_VALUE);
        int shards = in.count(MAX_SHARDS);
        List<Integer> salts = new ArrayList<>(shards);
        for (int i = 0; i < shards; i++) {
            salts.add(in.u16());
        }
        String location = in.text();
        Use use = struct.version() == VERSION_WITHOUT_USE ? Use.OBJECTS : Use.ofCode(in.u8());
        in.end(struct);
        if (salts.isEmpty()) {
            throw new MalformedBytesException("bucket " + name + " without shards");
        }
        Layout layout = new Layout(placement, generation, headLimitBytes, salts);
        return new BucketRecord(
                id, name, owner, createdMillis, isDeleting, configEpoch, versioning, layout, location, use);
    }
}
