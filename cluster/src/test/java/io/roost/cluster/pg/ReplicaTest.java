package io.roost.cluster.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.message.ReplicationMessage.Replicate;
import io.roost.cluster.message.ReplicationMessage.Replicated;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.pg.log.LogEntry;
import io.roost.cluster.pg.log.LogRows;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.SimDisk;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreConfig;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplicaTest {
    private static final int PRIMARY = 2;
    private static final Locator LOCATOR = new Locator(PgHarness.PG.pool(), Bytes.utf8("l"));
    private static final Bytes NAME = Bytes.utf8("name");

    private final SimDisk disk = new SimDisk(5);
    private final ObjectStore store = ObjectStore.open(
            StoreConfig.DEFAULT.withCapacity(32 << 20),
            new MemoryKeyValue(disk),
            new MemoryBlockFiles(disk),
            new BlockPool(4));
    private final PgHarness harness = new PgHarness(store, new ClassRegistry(List.of()), PgLog.Limits.DEFAULT);

    @BeforeEach
    void begin() {
        harness.restartAsReplica(3, PRIMARY);
    }

    private static Replicate replicate(int epoch, long version, ObjectVersion logTail) {
        ObjectVersion own = new ObjectVersion(3, version);
        LogEntry entry = new LogEntry(
                own,
                new RequestId(9, 1, version),
                LOCATOR.key(),
                new LogEntry.Answer.Reply(0, Bytes.EMPTY),
                List.of(new LogEntry.Change(LogEntry.Kind.PUT, ObjectVersion.NONE, NAME)));
        List<Mutation> mutations = List.of(Mutation.Put.row(NAME, Bytes.utf8("v" + version)));
        return new Replicate(PgHarness.PG, epoch, own, LOCATOR, mutations, entry.encode(), logTail);
    }

    private void receive(int from, ReplicationMessage message) {
        harness.group().onMessage(from, message, harness);
    }

    private static PeerMessage acknowledgement(long version) {
        return new Replicated(PgHarness.PG, 3, new ObjectVersion(3, version));
    }

    @Test
    void acknowledgesATransactionWhenItIsOnDisk() {
        receive(PRIMARY, replicate(3, 1, ObjectVersion.NONE));
        assertThat(harness.takeSent()).isEmpty();
        harness.runAll();
        assertThat(harness.takeSent()).containsExactly(acknowledgement(1));
        assertThat(store.disk().entry(LOCATOR, NAME).attributes()).isEqualTo(Bytes.utf8("v1"));
        assertThat(LogRows.load(store, PgHarness.PG).head()).isEqualTo(new ObjectVersion(3, 1));
    }

    @Test
    void saysAgainWhatItHasWhenTheConnectionToThePrimaryBreaks() {
        receive(PRIMARY, replicate(3, 1, ObjectVersion.NONE));
        harness.runAll();
        harness.takeSent();
        harness.group().onPeerReset(PRIMARY + 1, harness);
        assertThat(harness.takeSent()).isEmpty();
        harness.group().onPeerReset(PRIMARY, harness);
        assertThat(harness.takeSent()).containsExactly(acknowledgement(1));
    }

    @Test
    void takesNothingOutOfTurnTwiceFromOthersOrOfAnotherInterval() {
        receive(PRIMARY, replicate(3, 2, ObjectVersion.NONE));
        receive(PRIMARY + 1, replicate(3, 1, ObjectVersion.NONE));
        receive(PRIMARY, replicate(2, 1, ObjectVersion.NONE));
        assertThat(harness.persistCount()).isZero();
        receive(PRIMARY, replicate(3, 1, ObjectVersion.NONE));
        receive(PRIMARY, replicate(3, 1, ObjectVersion.NONE));
        assertThat(harness.persistCount()).isEqualTo(1);
    }

    @Test
    void keepsAsMuchOfTheLogAsThePrimary() {
        for (int i = 1; i <= 5; i++) {
            receive(PRIMARY, replicate(3, i, ObjectVersion.NONE));
        }
        receive(PRIMARY, replicate(3, 6, new ObjectVersion(3, 4)));
        harness.runAll();
        PgLog log = LogRows.load(store, PgHarness.PG);
        assertThat(log.tail()).isEqualTo(new ObjectVersion(3, 4));
        assertThat(log.size()).isEqualTo(2);
    }

    @Test
    void acknowledgesNothingOfAnIntervalThatHasEnded() {
        receive(PRIMARY, replicate(3, 1, ObjectVersion.NONE));
        harness.group().onReplica(4, PRIMARY);
        harness.runAll();
        assertThat(harness.takeSent()).isEmpty();
    }

    @Test
    void aStoreThatDoesNotTakeWhatOthersHaveStopsTheOsd() {
        receive(PRIMARY, replicate(3, 1, ObjectVersion.NONE));
        assertThatThrownBy(() -> harness.group().onRefused(1, ObjectError.NO_SPACE, harness))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("NO_SPACE");
    }
}
