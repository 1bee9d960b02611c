package io.roost.objectstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Mutation;
import io.roost.objectstore.layout.Counters;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.GarbageRow;
import io.roost.objectstore.layout.ShardHeader;
import io.roost.objectstore.layout.ShardRef;
import java.util.List;
import java.util.Objects;

/**
 * {@code shard.*}: the header row of a bucket's shard, which lets writes in or keeps them out.
 *
 * <pre>
 * init     opens a shard that has no header, teaches a live one newer settings; NO_SUCH_BUCKET when fenced
 * fence    closes a shard that has no key, version or upload; NOT_EMPTY; STALE_BUCKET by a later deletion or setting
 * restore  opens a shard that the deletion of that config epoch fenced; CONFLICT when it was another one
 * stat     the counters; NO_SUCH_BUCKET
 * </pre>
 *
 * <p>A fenced header is removed after a day by {@link GarbageClass}.
 */
public final class ShardClass {
    static final String INIT = "init";
    static final String FENCE = "fence";
    static final String RESTORE = "restore";
    static final String STAT = "stat";

    /** How long a fenced header stays: longer than any message of the bucket's life can be under way. */
    public static final long FORGET_AFTER_MILLIS = 24 * 3600 * 1000L;

    private static final int VERSION = 1;

    private ShardClass() {}

    /**
     * The shard and the time.
     *
     * @param shard the bucket as its record says; to fence and restore with the config epoch that marking it gave
     * @param nowMillis Unix milliseconds
     */
    public record Parameters(ShardRef shard, long nowMillis) {
        /** Checks that nothing is null. */
        public Parameters {
            Objects.requireNonNull(shard, "shard");
        }

        /** The call that opens a shard or teaches it. */
        public ClassCall init() {
            return call(INIT);
        }

        /** The call that closes an empty shard. */
        public ClassCall fence() {
            return call(FENCE);
        }

        /** The call that opens a fenced shard again. */
        public ClassCall restore() {
            return call(RESTORE);
        }

        private ClassCall call(String method) {
            ByteWriter out = new ByteWriter(48);
            int mark = out.begin(VERSION, 1);
            shard.encode(out);
            return ClassCall.of(
                    S3Classes.SHARD, method, out.varint(nowMillis).end(mark).toBytes());
        }

        static Parameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            Parameters parameters = new Parameters(ShardRef.decode(in), in.varint());
            in.end(struct);
            return parameters;
        }
    }

    /** The call that answers the counters, to be read by {@link Counters#decode}. */
    public static ClassCall stat() {
        return ClassCall.of(S3Classes.SHARD, STAT, Bytes.EMPTY);
    }

    static ClassReply init(LocatorView view, Parameters parameters, Data data) {
        ShardHeader header = header(view);
        if (header != null && header.isFenced()) {
            return ClassStatus.NO_SUCH_BUCKET.refuse();
        }
        if (header != null && header.configEpoch() >= parameters.shard.configEpoch()) {
            return ClassReply.read(Bytes.EMPTY);
        }
        return ClassReply.write(Bytes.EMPTY, List.of(put(ShardHeader.live(parameters.shard))));
    }

    static ClassReply fence(LocatorView view, Parameters parameters, Data data) {
        ShardHeader header = header(view);
        ShardRef shard = parameters.shard;
        if (header != null && header.configEpoch() > shard.configEpoch()) {
            return ClassStatus.STALE_BUCKET.refuse();
        }
        boolean hasEntries = hasAny(view, EntryNames.KEY) || hasAny(view, EntryNames.UPLOAD);
        if (hasEntries) {
            return ClassStatus.NOT_EMPTY.refuse();
        }
        long forgetMillis = parameters.nowMillis + FORGET_AFTER_MILLIS;
        ShardHeader fenced = new ShardHeader(shard.bucketId(), shard.configEpoch(), shard.versioning(), forgetMillis);
        Bytes garbage = EntryNames.garbage(forgetMillis, shard.bucketId(), GarbageRow.Kind.FENCE);
        return ClassReply.write(Bytes.EMPTY, List.of(put(fenced), GarbageRow.NAMED.put(garbage)));
    }

    static ClassReply restore(LocatorView view, Parameters parameters, Data data) {
        ShardHeader header = header(view);
        if (header != null && !header.isFenced()) {
            return ClassReply.read(Bytes.EMPTY);
        }
        if (header == null || header.configEpoch() != parameters.shard.configEpoch()) {
            return ClassStatus.CONFLICT.refuse();
        }
        return ClassReply.write(Bytes.EMPTY, List.of(put(ShardHeader.live(parameters.shard))));
    }

    /** What removes a fenced header whose time has come; nothing when there is none. */
    static List<Mutation> forget(LocatorView view, long nowMillis) {
        ShardHeader header = header(view);
        boolean isDue = header != null && header.isFenced() && header.forgetMillis() <= nowMillis;
        return isDue
                ? List.of(new Mutation.Delete(EntryNames.SHARD_HEADER), new Mutation.Delete(EntryNames.COUNTERS))
                : List.of();
    }

    static ClassReply stat(LocatorView view) {
        if (Keys.openHeader(view) == null) {
            return ClassStatus.NO_SUCH_BUCKET.refuse();
        }
        Entry counters = view.entry(EntryNames.COUNTERS);
        return ClassReply.read(counters == null ? Counters.ZERO.encode() : counters.attributes());
    }

    private static ShardHeader header(LocatorView view) {
        Entry entry = view.entry(EntryNames.SHARD_HEADER);
        return entry == null ? null : ShardHeader.decode(entry.attributes());
    }

    private static Mutation put(ShardHeader header) {
        return Mutation.Put.row(EntryNames.SHARD_HEADER, header.encode());
    }

    private static boolean hasAny(LocatorView view, int kind) {
        return view.entries(EntryNames.kindBegin(kind), EntryNames.kindEnd(kind))
                .next();
    }
}
