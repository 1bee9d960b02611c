package io.roost.objectstore.sim;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.osd.MapHistory;
import io.roost.cluster.osd.OsdEffects;
import io.roost.cluster.osd.OsdShard;
import io.roost.cluster.pg.ClassFailedException;
import io.roost.cluster.pg.ReservationSide;
import io.roost.cluster.pg.ScrubResult;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreConfig;
import io.roost.cluster.store.StoreTransaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * One life of an OSD, from opening its disk until the power goes off: what {@code OsdDaemon} and its commit thread do, as
 * events. Group commits take some of what waits, reads end in any order, and both tell the machine later.
 */
final class SimOsd implements OsdEffects {
    static final int OSD = 0;

    private static final int MAX_COMMIT_MILLIS = 6;
    private static final int MAX_READ_MILLIS = 4;
    private static final int KEPT_BLOCKS = 64;

    /** Where what the OSD says goes. */
    interface Peers {
        /** Sends to the client of a session. */
        void reply(long session, OsdMessage.ToClient message);

        /** Asks for the newest map. */
        void wantMap();

        /** Something on the disk is damaged, or a class has failed. */
        void isBroken(String what);
    }

    /** When transactions count as durable. */
    enum Answers {
        /** When the store has committed them. */
        AFTER_SYNC,
        /** When they are handed to the store: a planted bug. */
        BEFORE_SYNC
    }

    /**
     * What an OSD is made of.
     *
     * @param rows of its disk
     * @param files of its disk
     * @param store settings
     * @param classes the object classes
     * @param logLimits of every placement group's log
     * @param answers when transactions count as durable
     */
    record Setup(
            MemoryKeyValue rows,
            MemoryBlockFiles files,
            StoreConfig store,
            ClassRegistry classes,
            PgLog.Limits logLimits,
            Answers answers) {}

    /** A transaction to be written, or with none the order to take those of its placement group again. */
    private record Queued(PgId pg, long number, StoreTransaction transaction, ObjectStore.Coming coming) {}

    private record Done(PgId pg, long number, ObjectError refused) {}

    private final Scheduler scheduler;
    private final Setup setup;
    private final Peers peers;
    private final Life life;
    private final BlockPool blocks = new BlockPool(KEPT_BLOCKS);
    private final ObjectStore store;
    private final OsdShard shard;
    private final ArrayDeque<Queued> queue = new ArrayDeque<>();
    private boolean committing;

    /**
     * Opens the disk, which may lose its power meanwhile.
     *
     * @param map one that shows this OSD up
     */
    SimOsd(Scheduler scheduler, Setup setup, Peers peers, Life life, OsdMap map) {
        this.scheduler = scheduler;
        this.setup = setup;
        this.peers = peers;
        this.life = life;
        this.store = ObjectStore.open(setup.store(), setup.rows(), setup.files(), blocks);
        this.shard = new OsdShard(
                OSD, setup.classes(), store, setup.logLimits(), pg -> true, MapHistory.of(new TreeMap<>()), map);
        shard.start(0, this);
    }

    Life life() {
        return life;
    }

    ObjectStore store() {
        return store;
    }

    /** Buffers of bodies that were read and not given back. */
    int blocksOut() {
        return blocks.out();
    }

    void onMessage(long session, OsdMessage.ToPrimary message) {
        shard.onMessage(session, message, scheduler.nowMillis(), this);
    }

    void onMap(OsdMap map) {
        shard.onMap(map, scheduler.nowMillis(), this);
    }

    void onSessionClosed(long session) {
        shard.onSessionClosed(session, scheduler.nowMillis(), this);
    }

    void onTick() {
        shard.onTick(scheduler.nowMillis(), this);
    }

    private int upTo(int millis) {
        return scheduler.random().nextInt(millis + 1);
    }

    @Override
    public void persist(PgId pg, long number, StoreTransaction transaction) {
        queue.addLast(new Queued(pg, number, transaction, store.coming(transaction)));
        if (setup.answers() == Answers.BEFORE_SYNC) {
            scheduler.after(0, life, "answers before the sync", () -> shard.onPersisted(pg, number, this));
        }
        commitSoon();
    }

    @Override
    public void reserve(ReservationSide side, PgId pg, int priority, long token) {
        throw new IllegalStateException("the only OSD recovers " + pg);
    }

    @Override
    public void release(ReservationSide side, PgId pg, long token) {
        throw new IllegalStateException("the only OSD has recovered " + pg);
    }

    @Override
    public void resume(PgId pg) {
        queue.addLast(new Queued(pg, 0, null, null));
        commitSoon();
    }

    private void commitSoon() {
        if (!committing && !queue.isEmpty()) {
            committing = true;
            scheduler.after(upTo(MAX_COMMIT_MILLIS), life, "commit", this::commit);
        }
    }

    private void commit() {
        int count = 1 + scheduler.random().nextInt(queue.size());
        List<Done> done = new ArrayList<>();
        List<Queued> group = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Queued next = queue.pollFirst();
            if (next.transaction() == null) {
                write(group, done);
                store.resume(next.pg());
            } else {
                group.add(next);
            }
        }
        write(group, done);
        scheduler.after(upTo(2), life, "told of " + done.size() + " transactions", () -> tell(done));
        committing = false;
        commitSoon();
    }

    private void write(List<Queued> group, List<Done> done) {
        if (group.isEmpty()) {
            return;
        }
        List<ObjectStore.Outcome> outcomes =
                store.commit(group.stream().map(Queued::transaction).toList());
        for (int i = 0; i < outcomes.size(); i++) {
            Queued queued = group.get(i);
            store.came(queued.coming());
            scheduler.note(queued.pg() + " " + queued.number() + " " + outcomes.get(i));
            switch (outcomes.get(i)) {
                case COMMITTED -> done.add(new Done(queued.pg(), queued.number(), null));
                case NO_SPACE -> done.add(new Done(queued.pg(), queued.number(), ObjectError.NO_SPACE));
                case DAMAGED -> done.add(new Done(queued.pg(), queued.number(), ObjectError.IO_ERROR));
                case HELD -> {
                    // Refused with the one before it, whose refusal takes it back too.
                }
            }
        }
        group.clear();
    }

    private void tell(List<Done> all) {
        for (Done done : all) {
            if (done.refused() == null) {
                shard.onPersisted(done.pg(), done.number(), this);
            } else {
                shard.onRefused(done.pg(), done.number(), done.refused(), this);
            }
        }
    }

    @Override
    public void send(int osd, PeerMessage message) {
        throw new IllegalStateException("the only OSD has something for osd." + osd + ": " + message);
    }

    @Override
    public long wallMillis() {
        return 1_700_000_000_000L + nowMillis();
    }

    @Override
    public long nowMillis() {
        return 0;
    }

    @Override
    public void wantUpThru(int epoch) {
        throw new IllegalStateException("the only OSD wants up_thru " + epoch);
    }

    @Override
    public void wantPgTemp(PgId pg, List<Integer> osds) {
        throw new IllegalStateException("the only OSD wants " + osds + " to act for " + pg);
    }

    @Override
    public void count(String event) {
        scheduler.note(event);
    }

    @Override
    public void reply(long session, OsdMessage.ToClient reply) {
        peers.reply(session, reply);
    }

    @Override
    public void read(PgId pg, long token, Runnable task) {
        scheduler.after(upTo(MAX_READ_MILLIS), life, "read " + pg, () -> {
            RuntimeException failure = null;
            try {
                task.run();
            } catch (RuntimeException thrown) {
                failure = thrown;
            }
            RuntimeException result = failure;
            scheduler.after(
                    upTo(1),
                    life,
                    "has read " + pg,
                    () -> shard.onRead(pg, token, result, scheduler.nowMillis(), this));
        });
    }

    @Override
    public void damaged(PgId pg, ChecksumException damage) {
        peers.isBroken("damaged: " + pg + ": " + damage.getMessage());
    }

    @Override
    public void scrubbed(PgId pg, ScrubResult result) {
        throw new AssertionError(result);
    }

    @Override
    public void classFailed(PgId pg, ClassFailedException failure) {
        peers.isBroken("class failed: " + pg + ": " + failure.getMessage() + ": " + failure.getCause());
    }

    @Override
    public void wantMap(int epoch) {
        peers.wantMap();
    }
}
