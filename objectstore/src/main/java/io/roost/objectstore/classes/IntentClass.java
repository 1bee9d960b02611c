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
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.IntentRow;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.ShardTransaction;
import io.roost.objectstore.layout.StripeCalls;
import java.util.List;
import java.util.Objects;

/**
 * {@code intent.*}: the row in the head's locator without which no stripe is written.
 *
 * <pre>
 * create  before the first stripe; NO_SUCH_BUCKET, STALE_BUCKET, NO_SUCH_UPLOAD (of a part), CONFLICT (id in use)
 * renew   NO_SUCH_INTENT when it is gone or being reaped: the uploader gives up
 * reap    marks it, so that no commit takes it; answers the row; STILL_LIVE, NOT_FOUND
 * remove  after its stripes are deleted; CONFLICT when it is not being reaped
 * </pre>
 */
public final class IntentClass {
    static final String CREATE = StripeCalls.CREATE;
    static final String RENEW = "renew";
    static final String REAP = StripeCalls.REAP;
    static final String REMOVE = "remove";

    private static final int VERSION = 1;

    private IntentClass() {}

    /**
     * What will be written.
     *
     * @param shard the bucket as the caller knows it
     * @param intent live, renewed now
     */
    public record CreateParameters(ShardRef shard, IntentRow intent) {
        /** Checks that it is live. */
        public CreateParameters {
            Objects.requireNonNull(shard, "shard");
            Keys.check(intent.key());
            if (intent.isReaping()) {
                throw new IllegalArgumentException("a new intent that is being reaped");
            }
        }

        /** The call. */
        public ClassCall call() {
            return ClassCall.of(S3Classes.INTENT, CREATE, StripeCalls.createIntent(shard, intent));
        }

        static CreateParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            CreateParameters parameters = new CreateParameters(ShardRef.decode(in), IntentRow.decode(in.bytes()));
            in.end(struct);
            return parameters;
        }
    }

    /**
     * Which intent, and a time.
     *
     * @param setId 16 bytes
     * @param timeMillis to renew: now; to reap: intents last renewed before this are stale; Unix milliseconds
     */
    public record Parameters(Bytes setId, long timeMillis) {
        /** Checks the length. */
        public Parameters {
            if (setId.length() != EntryNames.ID_BYTES) {
                throw new IllegalArgumentException("stripe set id of " + setId.length() + " bytes");
            }
        }

        private Bytes encode() {
            return new ByteWriter(32).raw(setId).u64(timeMillis).toBytes();
        }

        static Parameters decode(ByteReader in) {
            return new Parameters(in.raw(EntryNames.ID_BYTES), in.u64());
        }
    }

    /** The call that keeps an intent live. */
    public static ClassCall renew(Bytes setId, long nowMillis) {
        return ClassCall.of(S3Classes.INTENT, RENEW, new Parameters(setId, nowMillis).encode());
    }

    /** The call that marks an intent last renewed before a time; its output is the row, for {@link IntentRow#decode}. */
    public static ClassCall reap(Bytes setId, long staleBeforeMillis) {
        return ClassCall.of(S3Classes.INTENT, REAP, StripeCalls.reapIntent(setId, staleBeforeMillis));
    }

    /** The call by which an uploader that gives up leaves its stripes to the reaper, as {@link #reap} of a stale one. */
    public static ClassCall abandon(Bytes setId) {
        return reap(setId, Long.MAX_VALUE);
    }

    /** The call that removes a reaped intent. */
    public static ClassCall remove(Bytes setId) {
        return ClassCall.of(S3Classes.INTENT, REMOVE, new Parameters(setId, 0).encode());
    }

    static ClassReply create(LocatorView view, CreateParameters parameters, Data data) {
        IntentRow intent = parameters.intent;
        ShardTransaction transaction = new ShardTransaction(view, 0);
        ClassStatus fence = Keys.status(transaction.enter(parameters.shard));
        if (fence != ClassStatus.OK) {
            return fence.refuse();
        }
        if (intent.partNumber() > 0 && view.entry(EntryNames.upload(intent.key(), intent.uploadId())) == null) {
            return ClassStatus.NO_SUCH_UPLOAD.refuse();
        }
        Bytes name = EntryNames.intent(intent.set().id());
        Entry existing = view.entry(name);
        if (existing != null) {
            boolean isRetry = existing.attributes().equals(intent.encode());
            return isRetry ? ClassReply.read(Bytes.EMPTY) : ClassStatus.CONFLICT.refuse();
        }
        transaction.row(name, intent.encode());
        return ClassReply.write(Bytes.EMPTY, transaction.mutations());
    }

    static ClassReply renew(LocatorView view, Parameters parameters, Data data) {
        IntentRow intent = intent(view, parameters.setId);
        if (intent == null || intent.isReaping()) {
            return ClassStatus.NO_SUCH_INTENT.refuse();
        }
        return put(parameters.setId, intent.renewed(parameters.timeMillis), Bytes.EMPTY);
    }

    static ClassReply reap(LocatorView view, Parameters parameters, Data data) {
        IntentRow intent = intent(view, parameters.setId);
        if (intent == null) {
            return ClassStatus.NOT_FOUND.refuse();
        }
        if (intent.isReaping()) {
            return ClassReply.read(intent.encode());
        }
        if (intent.renewedMillis() >= parameters.timeMillis) {
            return ClassStatus.STILL_LIVE.refuse();
        }
        IntentRow reaping = intent.reaping();
        return put(parameters.setId, reaping, reaping.encode());
    }

    static ClassReply remove(LocatorView view, Parameters parameters, Data data) {
        IntentRow intent = intent(view, parameters.setId);
        if (intent != null && !intent.isReaping()) {
            return ClassStatus.CONFLICT.refuse();
        }
        return ClassReply.write(Bytes.EMPTY, List.of(new Mutation.Delete(EntryNames.intent(parameters.setId))));
    }

    private static IntentRow intent(LocatorView view, Bytes setId) {
        Entry entry = view.entry(EntryNames.intent(setId));
        return entry == null ? null : IntentRow.decode(entry.attributes());
    }

    private static ClassReply put(Bytes setId, IntentRow intent, Bytes output) {
        return ClassReply.write(output, List.of(Mutation.Put.row(EntryNames.intent(setId), intent.encode())));
    }
}
