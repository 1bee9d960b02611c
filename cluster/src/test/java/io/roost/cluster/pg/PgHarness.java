package io.roost.cluster.pg;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreTransaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A placement group over a store, its effects held back until the test lets them happen: {@link #commitOne},
 * {@link #readOne}, {@link #runAll}.
 */
final class PgHarness implements PgEffects {
    static final PgId PG = new PgId(1, 0);

    private record Persist(ObjectVersion version, StoreTransaction transaction) {}

    private record Read(long token, Runnable task) {}

    private final ClassRegistry classes;
    private final ObjectStore store;
    private final PgLog.Limits limits;
    private final ArrayDeque<Persist> persists = new ArrayDeque<>();
    private final ArrayDeque<Read> reads = new ArrayDeque<>();
    private final Map<Long, OsdMessage.ToClient> replies = new TreeMap<>();
    private final List<Long> replyOrder = new ArrayList<>();
    private final List<ChecksumException> damages = new ArrayList<>();
    private PlacementGroup group;
    private long nextTid = 1_000_000;
    private boolean answersBeforeSync;

    PgHarness(ObjectStore store, ClassRegistry classes, PgLog.Limits limits) {
        this.store = store;
        this.classes = classes;
        this.limits = limits;
    }

    /** A new life of the placement group over what the store has; what was in flight is gone. */
    void restart(int epoch) {
        persists.clear();
        reads.clear();
        group = new PlacementGroup(PG, classes, store, LogRows.load(store, PG), limits);
        group.onActive(epoch);
    }

    /** Plants a bug: every transaction counts as durable when it is asked to be made so. */
    void answerBeforeSync() {
        answersBeforeSync = true;
    }

    PlacementGroup group() {
        return group;
    }

    /** Sends a new request and returns its tid. */
    long call(String locator, String className, String method, Bytes parameters, Data data) {
        long tid = nextTid++;
        send(operation(tid, locator, className, method, parameters, data, ObjectVersion.NONE, 0));
        return tid;
    }

    void send(OsdMessage.Operation operation) {
        group.onOperation(0, operation, this);
    }

    static OsdMessage.Operation operation(
            long tid,
            String locator,
            String className,
            String method,
            Bytes parameters,
            Data data,
            ObjectVersion known,
            int attempt) {
        return new OsdMessage.Operation(
                new RequestId(9, 1, tid),
                1,
                PG,
                new Locator(PG.pool(), Bytes.utf8(locator)),
                className,
                method,
                parameters,
                data,
                known,
                attempt);
    }

    /** Makes the oldest transaction durable; false when there is none. */
    boolean commitOne() {
        Persist persist = persists.pollFirst();
        if (persist == null) {
            return false;
        }
        ObjectStore.Outcome outcome =
                store.commit(List.of(persist.transaction())).get(0);
        switch (outcome) {
            case COMMITTED -> {
                if (!answersBeforeSync) {
                    group.onPersisted(persist.version(), this);
                }
            }
            case NO_SPACE -> group.onRefused(persist.version(), ObjectError.NO_SPACE, this);
            case DAMAGED -> group.onRefused(persist.version(), ObjectError.IO_ERROR, this);
            case HELD -> {
                // taken back with the one before it
            }
        }
        return true;
    }

    /** Runs the oldest task that reads the disk; false when there is none. */
    boolean readOne() {
        Read read = reads.pollFirst();
        if (read == null) {
            return false;
        }
        RuntimeException failure = null;
        try {
            read.task().run();
        } catch (RuntimeException thrown) {
            failure = thrown;
        }
        group.onRead(read.token(), failure, this);
        return true;
    }

    void runAll() {
        while (commitOne() || readOne()) {
            // until nothing is left
        }
    }

    int persistCount() {
        return persists.size();
    }

    int readCount() {
        return reads.size();
    }

    OsdMessage.ToClient reply(long tid) {
        return replies.get(tid);
    }

    /** The answer of a request that succeeded or was refused by its class. */
    OsdMessage.OperationReply answer(long tid) {
        OsdMessage.ToClient reply = replies.get(tid);
        if (!(reply instanceof OsdMessage.OperationReply answer)) {
            throw new AssertionError("request " + tid + " got " + reply);
        }
        return answer;
    }

    /** Tids in the order of their replies. */
    List<Long> replyOrder() {
        return replyOrder;
    }

    void forgetReplies() {
        replies.clear();
        replyOrder.clear();
    }

    @Override
    public void persist(PgId pg, ObjectVersion version, StoreTransaction transaction) {
        persists.addLast(new Persist(version, transaction));
        if (answersBeforeSync) {
            group.onPersisted(version, this);
        }
    }

    @Override
    public void resume(PgId pg) {
        store.resume(pg);
    }

    @Override
    public void reply(long session, OsdMessage.ToClient reply) {
        replies.put(reply.request().tid(), reply);
        replyOrder.add(reply.request().tid());
    }

    @Override
    public void damaged(PgId pg, ChecksumException damage) {
        damages.add(damage);
    }

    /** What was told to be damaged. */
    List<ChecksumException> damages() {
        return damages;
    }

    @Override
    public void read(PgId pg, long token, Runnable task) {
        reads.addLast(new Read(token, task));
    }
}
