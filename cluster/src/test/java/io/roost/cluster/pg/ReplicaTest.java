package io.roost.cluster.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.MissingItem;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.message.PgHistory;
import io.roost.cluster.message.PgInfo;
import io.roost.cluster.message.ReplicationMessage.Content;
import io.roost.cluster.message.ReplicationMessage.Filled;
import io.roost.cluster.message.ReplicationMessage.FilledRecorded;
import io.roost.cluster.message.ReplicationMessage.Pull;
import io.roost.cluster.message.ReplicationMessage.Push;
import io.roost.cluster.message.ReplicationMessage.Pushed;
import io.roost.cluster.message.ReplicationMessage.Replicate;
import io.roost.cluster.message.ReplicationMessage.Replicated;
import io.roost.cluster.message.ReplicationMessage.Unreadable;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.pg.log.LogEntry;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.pg.peering.LocalCopy;
import io.roost.cluster.pg.peering.MissingSet;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.SimDisk;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreConfig;
import io.roost.cluster.store.StoreTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReplicaTest {
    private static final PgId PG = new PgId(1, 0);
    private static final int PRIMARY = 2;
    private static final int EPOCH = 3;
    private static final Locator LOCATOR = new Locator(PG.pool(), Bytes.utf8("l"));
    private static final Bytes NAME = Bytes.utf8("name");
    private static final Bytes KEY = KeyLayout.entry(LOCATOR, NAME);

    private final SimDisk disk = new SimDisk(5);
    private final ObjectStore store = ObjectStore.open(
            StoreConfig.DEFAULT.withCapacity(32 << 20),
            new MemoryKeyValue(disk),
            new MemoryBlockFiles(disk),
            new BlockPool(4));
    private final Commits commits = new Commits(PG);
    private final Noted noted = new Noted();
    private LocalCopy copy = LocalCopy.created(PG, EPOCH);
    private Replica replica = replica();
    private EntrySource source = source();

    private Replica replica() {
        return new Replica(PG, PRIMARY, EPOCH, copy, commits, new Reads(store, 0), store, KeyLayout.entriesOf(PG, 1));
    }

    private EntrySource source() {
        return new EntrySource(PG, PRIMARY, EPOCH, copy, commits, new Reads(store, 0), store);
    }

    /** What is to be written and read waits until {@link #runAll}. */
    private final class Noted implements PgEffects {
        final List<StoreTransaction> transactions = new ArrayList<>();
        final List<PeerMessage> sent = new ArrayList<>();
        private final List<Runnable> reads = new ArrayList<>();
        private long newest;

        void runAll() {
            while (!transactions.isEmpty() || !reads.isEmpty()) {
                store.commit(List.copyOf(transactions));
                transactions.clear();
                commits.onPersisted(newest, this);
                List<Runnable> now = List.copyOf(reads);
                reads.clear();
                now.forEach(Runnable::run);
            }
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
        public void persist(PgId pg, long number, StoreTransaction transaction) {
            newest = number;
            transactions.add(transaction);
        }

        @Override
        public void send(int osd, PeerMessage message) {
            assertThat(osd).isEqualTo(PRIMARY);
            sent.add(message);
        }

        @Override
        public void read(PgId pg, long token, Runnable task) {
            reads.add(() -> {
                task.run();
                if (!source.onRead(token, null, this)) {
                    replica.onRead(token, null, this);
                }
            });
        }

        @Override
        public void count(String event) {
            // nothing depends on it
        }

        @Override
        public void resume(PgId pg) {
            throw new AssertionError();
        }

        @Override
        public long wallMillis() {
            return 0;
        }

        @Override
        public long nowMillis() {
            return 0;
        }

        @Override
        public void wantUpThru(int epoch) {
            throw new AssertionError();
        }

        @Override
        public void wantPgTemp(PgId pg, List<Integer> osds) {
            throw new AssertionError();
        }

        @Override
        public void reply(long session, OsdMessage.ToClient reply) {
            throw new AssertionError(reply);
        }

        @Override
        public void damaged(PgId pg, ChecksumException damage) {
            throw new AssertionError(damage);
        }

        @Override
        public void scrubbed(PgId pg, ScrubResult result) {
            throw new AssertionError(result);
        }

        @Override
        public void classFailed(PgId pg, ClassFailedException failure) {
            throw new AssertionError(failure);
        }
    }

    private static ObjectVersion version(long version) {
        return new ObjectVersion(EPOCH, version);
    }

    private static Replicate replicate(long version, ObjectVersion logTail) {
        LogEntry entry = new LogEntry(
                version(version),
                new RequestId(9, 1, version),
                LOCATOR.key(),
                new LogEntry.Answer.Reply(0, Bytes.EMPTY),
                List.of(new LogEntry.Change(LogEntry.Kind.PUT, ObjectVersion.NONE, NAME)));
        List<Mutation> mutations = List.of(Mutation.Put.row(NAME, Bytes.utf8("v" + version)));
        return new Replicate(PG, EPOCH, version(version), LOCATOR, mutations, entry.encode(), logTail);
    }

    /** Begins with a name that is missing. */
    private void miss(MissingItem item) {
        ByteWriter row = new ByteWriter();
        item.write(row);
        TreeMap<Bytes, MissingItem> items = new TreeMap<>();
        items.put(KEY, MissingItem.read(new ByteReader(row.toBytes())));
        Bytes info = store.disk().meta(LocalCopy.infoKey(PG));
        copy = LocalCopy.load(PG, info, new PgLog(ObjectVersion.NONE), new MissingSet(items));
        replica = replica();
    }

    private void writeInfo() {
        store.commit(List.of(StoreTransaction.ofRows(PG, copy.rows())));
    }

    private String stored() {
        var entry = store.disk().entry(LOCATOR, NAME);
        return entry == null ? null : entry.attributes().utf8();
    }

    @Test
    void acknowledgesATransactionWhenItIsOnDisk() {
        replica.onMessage(PRIMARY, replicate(1, ObjectVersion.NONE), noted);
        assertThat(noted.sent).isEmpty();
        noted.runAll();
        assertThat(noted.sent).containsExactly(new Replicated(PG, EPOCH, version(1)));
        assertThat(stored()).isEqualTo("v1");
        assertThat(StoredCopy.load(store, PG, 0).log().head()).isEqualTo(version(1));
    }

    @Test
    void acknowledgesAgainWhatComesAgain() {
        replica.onMessage(PRIMARY, replicate(1, ObjectVersion.NONE), noted);
        noted.runAll();
        replica.onMessage(PRIMARY, replicate(1, ObjectVersion.NONE), noted);
        assertThat(noted.transactions).isEmpty();
        assertThat(noted.sent)
                .containsExactly(new Replicated(PG, EPOCH, version(1)), new Replicated(PG, EPOCH, version(1)));
    }

    @Test
    void takesNothingOutOfTurnOrFromOthers() {
        replica.onMessage(PRIMARY, replicate(2, ObjectVersion.NONE), noted);
        replica.onMessage(PRIMARY + 1, replicate(1, ObjectVersion.NONE), noted);
        assertThat(noted.transactions).isEmpty();
    }

    @Test
    void keepsAsMuchOfTheLogAsThePrimary() {
        for (int i = 1; i <= 5; i++) {
            replica.onMessage(PRIMARY, replicate(i, ObjectVersion.NONE), noted);
        }
        replica.onMessage(PRIMARY, replicate(6, version(4)), noted);
        noted.runAll();
        PgLog log = StoredCopy.load(store, PG, 0).log();
        assertThat(log.tail()).isEqualTo(version(4));
        assertThat(log.size()).isEqualTo(2);
    }

    @Test
    void acknowledgesNothingOfAnIntervalThatHasEnded() {
        replica.onMessage(PRIMARY, replicate(1, ObjectVersion.NONE), noted);
        replica.end();
        noted.runAll();
        assertThat(noted.sent).isEmpty();
    }

    @Test
    void takesAPushOfWhatItMissesOnceAndNothingOlder() {
        writeInfo();
        miss(new MissingItem(version(5), ObjectVersion.NONE, MissingItem.Wanted.PRESENT));
        Content old = new Content(Bytes.utf8("old"), Bytes.EMPTY, null);
        Content right = new Content(Bytes.utf8("right"), Bytes.EMPTY, null);
        replica.onMessage(PRIMARY, new Push(PG, EPOCH, KEY, version(4), old), noted);
        assertThat(noted.transactions).isEmpty();
        replica.onMessage(PRIMARY, new Push(PG, EPOCH, KEY, version(5), right), noted);
        replica.onMessage(PRIMARY, new Push(PG, EPOCH, KEY, version(5), old), noted);
        noted.runAll();
        assertThat(stored()).isEqualTo("right");
        assertThat(noted.sent)
                .containsExactly(new Pushed(PG, EPOCH, KEY, version(5)), new Pushed(PG, EPOCH, KEY, version(5)));
        assertThat(StoredCopy.load(store, PG, 0).missing().isEmpty()).isTrue();
    }

    @Test
    void givesWhatItHasAndNotWhatItMisses() {
        replica.onMessage(PRIMARY, replicate(1, ObjectVersion.NONE), noted);
        source.onPull(PRIMARY, new Pull(PG, EPOCH, KEY, version(1)), noted);
        noted.runAll();
        assertThat(noted.sent)
                .contains(new Push(PG, EPOCH, KEY, version(1), new Content(Bytes.utf8("v1"), Bytes.EMPTY, null)));
        noted.sent.clear();
        writeInfo();
        miss(new MissingItem(version(5), ObjectVersion.NONE, MissingItem.Wanted.PRESENT));
        source = source();
        source.onPull(PRIMARY, new Pull(PG, EPOCH, KEY, version(5)), noted);
        assertThat(noted.sent).containsExactly(new Unreadable(PG, EPOCH, KEY, version(5)));
    }

    /** Otherwise the primary would get what was there before. */
    @Test
    void readsWhatIsPulledWhenAllThatCameBeforeIsOnDisk() {
        replica.onMessage(PRIMARY, replicate(1, ObjectVersion.NONE), noted);
        source.onPull(PRIMARY, new Pull(PG, EPOCH, KEY, version(1)), noted);
        assertThat(noted.reads).isEmpty();
        noted.runAll();
        assertThat(noted.sent)
                .contains(new Push(PG, EPOCH, KEY, version(1), new Content(Bytes.utf8("v1"), Bytes.EMPTY, null)));
    }

    @Test
    void isFilledUpToWhereThePrimarySays() {
        copy = LocalCopy.absent(PG, new PgHistory(1, 1, 1, EPOCH), EPOCH, List.of());
        replica = replica();
        replica.onMessage(PRIMARY, new Filled(PG, EPOCH, KEY), noted);
        noted.runAll();
        assertThat(noted.sent).containsExactly(new FilledRecorded(PG, EPOCH, KEY));
        assertThat(StoredCopy.load(store, PG, 0).lastBackfill()).isEqualTo(KEY);
    }

    private static Content content(String attributes) {
        return new Content(Bytes.utf8(attributes), Bytes.EMPTY, null);
    }

    /** What is told of a name that is not the locator's only one would be of two times. */
    @Test
    void hasALocatorOfWhichItMissesNothing() {
        assertThat(replica.has(LOCATOR)).isTrue();
        writeInfo();
        miss(new MissingItem(version(5), ObjectVersion.NONE, MissingItem.Wanted.PRESENT));
        assertThat(replica.has(LOCATOR)).isFalse();
        assertThat(replica.has(new Locator(PG.pool(), Bytes.utf8("other")))).isTrue();
    }

    @Test
    void hasWhatIsPushedWhenThatIsOnDisk() {
        writeInfo();
        miss(new MissingItem(version(5), ObjectVersion.NONE, MissingItem.Wanted.PRESENT));
        replica.onMessage(PRIMARY, new Push(PG, EPOCH, KEY, version(5), content("right")), noted);
        assertThat(copy.missing().isEmpty()).isTrue();
        assertThat(replica.has(LOCATOR)).isFalse();
        replica = replica();
        assertThat(replica.has(LOCATOR)).as("in the next interval").isFalse();
        noted.runAll();
        assertThat(replica.has(LOCATOR)).isTrue();
    }

    @Test
    void hasALocatorThatIsFilledToItsEnd() {
        copy = LocalCopy.absent(PG, new PgHistory(1, 1, 1, EPOCH), EPOCH, List.of());
        replica = replica();
        replica.onMessage(PRIMARY, new Push(PG, EPOCH, KEY, version(5), content("right")), noted);
        replica.onMessage(PRIMARY, new Filled(PG, EPOCH, KEY), noted);
        noted.runAll();
        assertThat(replica.has(LOCATOR)).as("filled up to one of its names").isFalse();
        replica.onMessage(PRIMARY, new Filled(PG, EPOCH, PgInfo.COMPLETE), noted);
        assertThat(replica.has(LOCATOR)).as("not on disk yet").isFalse();
        noted.runAll();
        assertThat(replica.has(LOCATOR)).isTrue();
    }
}
