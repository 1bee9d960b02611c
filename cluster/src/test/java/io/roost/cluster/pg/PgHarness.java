package io.roost.cluster.pg;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.pg.log.LogEntry;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreTransaction;
import io.roost.cluster.store.StoreTransaction.RowChange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A placement group over a store, its effects held back until the test lets them happen: {@link #commitOne},
 * {@link #readOne}, {@link #runAll}.
 */
final class PgHarness implements PgEffects {
    static final PgId PG = new PgId(1, 0);

    /** A transaction to be made durable, or with none the order to take those after a refused one again. */
    private record Persist(long number, StoreTransaction transaction) {
        static final Persist RESUME = new Persist(0, null);
    }

    private record Read(long token, Runnable task) {}

    private final ClassRegistry classes;
    private final ObjectStore store;
    private final PgLog.Limits limits;
    private final ArrayDeque<Persist> persists = new ArrayDeque<>();
    private final ArrayDeque<Read> reads = new ArrayDeque<>();
    private final Map<Long, OsdMessage.ToClient> replies = new TreeMap<>();
    private final List<Long> replyOrder = new ArrayList<>();
    private final List<OsdMessage.ToClient> untaken = new ArrayList<>();
    private final List<PeerMessage> sent = new ArrayList<>();
    private final List<Integer> receivers = new ArrayList<>();
    private final List<ChecksumException> damages = new ArrayList<>();
    private final List<ClassFailedException> classFailures = new ArrayList<>();
    private PlacementGroup group;
    private long nextTid = 1_000_000;
    private final ArrayDeque<Long> notices = new ArrayDeque<>();
    private boolean noticesLate;
    private boolean answersBeforeSync;
    private UnaryOperator<LogEntry> written = UnaryOperator.identity();
    private boolean holding;
    private long nowMillis;
    private long wallMillis = 1_700_000_000_000L;

    PgHarness(ObjectStore store, ClassRegistry classes, PgLog.Limits limits) {
        this.store = store;
        this.classes = classes;
        this.limits = limits;
    }

    /** A new life of the placement group over what the store has; what was in flight is gone. */
    void restart(int epoch) {
        restart();
        group.onAlone(epoch, this);
    }

    /** The same where there are other OSDs: by these maps, up to the first of which the copy is the only one. */
    void restart(List<OsdMap> maps) {
        made(maps.get(0).epoch());
        group.begin(maps, this);
        group.onStarted(this);
    }

    private void restart() {
        made(0);
    }

    private void made(int aloneThrough) {
        persists.clear();
        reads.clear();
        notices.clear();
        holding = false;
        group = new PlacementGroup(PG, 0, classes, store, StoredCopy.load(store, PG, aloneThrough), limits, 0);
    }

    /** Lets time pass. */
    void passTime(long millis) {
        nowMillis += millis;
        group.onTick(this);
    }

    /** Plants a bug: every transaction counts as durable when it is asked to be made so. */
    void answerBeforeSync() {
        answersBeforeSync = true;
    }

    /** From now on the placement group hears of what is durable by {@link #noticeOne} only. */
    void noticeLate() {
        noticesLate = true;
    }

    /** Tells the placement group of the oldest durable transaction that it has not heard of; false when there is none. */
    boolean noticeOne() {
        Long number = notices.pollFirst();
        if (number == null) {
            return false;
        }
        group.onPersisted(number, this);
        return true;
    }

    /** Plants a bug: log entries are written as the operator makes them. */
    void writeEntriesAs(UnaryOperator<LogEntry> operator) {
        written = operator;
    }

    PlacementGroup group() {
        return group;
    }

    /** Sends a new request and returns its tid. */
    long call(String locator, String className, String method, Bytes parameters, Data data) {
        long tid = nextTid++;
        send(operation(tid, locator, className, method, parameters, data, group.committed(), 0));
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
        if (persist.equals(Persist.RESUME)) {
            holding = false;
            store.resume(PG);
        } else if (!holding) {
            commit(persist);
        }
        return true;
    }

    /**
     * Refuses the oldest transaction, and those after it until the placement group has taken them back, when it has
     * changes: a store that is full still takes what only adds to the log. False when there is nothing to be refused.
     */
    boolean refuseOne() {
        Persist persist = persists.peekFirst();
        if (persist == null
                || holding
                || persist.equals(Persist.RESUME)
                || persist.transaction().mutations().isEmpty()) {
            return false;
        }
        persists.removeFirst();
        holding = true;
        refused(persist.number(), ObjectError.NO_SPACE);
        return true;
    }

    private void refused(long number, ObjectError error) {
        while (noticeOne()) {
            // What was durable before is heard of before.
        }
        group.onRefused(number, error, this);
    }

    private void commit(Persist persist) {
        ObjectStore.Outcome outcome =
                store.commit(List.of(persist.transaction())).get(0);
        switch (outcome) {
            case COMMITTED -> {
                if (noticesLate) {
                    notices.addLast(persist.number());
                } else if (!answersBeforeSync) {
                    group.onPersisted(persist.number(), this);
                }
            }
            case NO_SPACE -> refused(persist.number(), ObjectError.NO_SPACE);
            case DAMAGED -> refused(persist.number(), ObjectError.IO_ERROR);
            case HELD -> {
                // taken back with the one before it
            }
        }
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
        while (commitOne() || noticeOne() || readOne()) {
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

    /** Every message to other OSDs since the last call, in order. */
    List<PeerMessage> takeSent() {
        List<PeerMessage> taken = List.copyOf(sent);
        sent.clear();
        return taken;
    }

    /** The OSDs to which something was sent since this was called last. */
    List<Integer> takeReceivers() {
        List<Integer> taken = List.copyOf(receivers);
        receivers.clear();
        return taken;
    }

    /** Every reply since the last call, in order. */
    List<OsdMessage.ToClient> takeReplies() {
        List<OsdMessage.ToClient> taken = List.copyOf(untaken);
        untaken.clear();
        return taken;
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
    public void persist(PgId pg, long number, StoreTransaction transaction) {
        List<RowChange> rows = transaction.rows().stream().map(this::asWritten).toList();
        persists.addLast(new Persist(
                number,
                new StoreTransaction(pg, transaction.locator(), transaction.version(), transaction.mutations(), rows)));
        if (answersBeforeSync) {
            group.onPersisted(number, this);
        }
    }

    private RowChange asWritten(RowChange change) {
        if (change.family() == Family.PGLOG && change instanceof RowChange.PutRow put) {
            Bytes row = written.apply(LogEntry.decode(put.value())).encode();
            return new RowChange.PutRow(put.family(), put.key(), row);
        }
        return change;
    }

    @Override
    public void reserve(ReservationSide side, PgId pg, int priority, long token) {
        throw new AssertionError(side);
    }

    @Override
    public void release(ReservationSide side, PgId pg, long token) {
        throw new AssertionError(side);
    }

    @Override
    public void resume(PgId pg) {
        persists.addLast(Persist.RESUME);
    }

    @Override
    public void send(int osd, PeerMessage message) {
        sent.add(message);
        receivers.add(osd);
    }

    @Override
    public long wallMillis() {
        return wallMillis;
    }

    @Override
    public long nowMillis() {
        return nowMillis;
    }

    @Override
    public void wantUpThru(int epoch) {
        throw new AssertionError(epoch);
    }

    @Override
    public void wantPgTemp(PgId pg, List<Integer> osds) {
        throw new AssertionError(osds);
    }

    @Override
    public void count(String event) {
        // Nothing depends on it.
    }

    @Override
    public void reply(long session, OsdMessage.ToClient reply) {
        replies.put(reply.request().tid(), reply);
        replyOrder.add(reply.request().tid());
        untaken.add(reply);
    }

    @Override
    public void damaged(PgId pg, ChecksumException damage) {
        damages.add(damage);
    }

    @Override
    public void scrubbed(PgId pg, ScrubResult result) {
        throw new AssertionError(result);
    }

    @Override
    public void classFailed(PgId pg, ClassFailedException failure) {
        classFailures.add(failure);
    }

    /** Faults in classes that were told. */
    List<ClassFailedException> classFailures() {
        return classFailures;
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
