package io.roost.cluster.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.pg.peering.Activation;
import io.roost.cluster.pg.peering.LocalCopy;
import io.roost.cluster.pg.peering.MissingSet;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.SimDisk;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreConfig;
import io.roost.cluster.store.StoreTransaction;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class BackfillTest {
    private static final PgId PG = new PgId(1, 0);
    private static final int EPOCH = 3;
    private static final int TARGET = 1;
    private static final Locator LOCATOR = new Locator(PG.pool(), Bytes.utf8("l"));
    private static final int ENTRIES = 10;
    private static final int BODY_BYTES = 1 << 20;

    private final SimDisk disk = new SimDisk(1).capacity(256 << 20);
    private final ObjectStore store = ObjectStore.open(
            StoreConfig.DEFAULT, new MemoryKeyValue(disk), new MemoryBlockFiles(disk), new BlockPool(32));
    private final List<ReplicationMessage> sent = new ArrayList<>();
    private final Map<Long, Runnable> reads = new TreeMap<>();

    /** Keeps what is sent and what is to be read. */
    private final PgEffects out = (PgEffects) Proxy.newProxyInstance(
            PgEffects.class.getClassLoader(), new Class<?>[] {PgEffects.class}, (proxy, method, arguments) -> {
                switch (method.getName()) {
                    case "read" -> reads.put((Long) arguments[1], (Runnable) arguments[2]);
                    case "send" -> sent.add((ReplicationMessage) arguments[1]);
                    case "nowMillis" -> {
                        return 0L;
                    }
                    case "count" -> {
                        // nothing depends on it
                    }
                    default -> throw new AssertionError(method);
                }
                return null;
            });

    private static Bytes name(int entry) {
        return Bytes.utf8("entry" + entry);
    }

    /** Ten entries of 1 MiB, and a member that has none of them. */
    private Backfill backfill() {
        for (int i = 0; i < ENTRIES; i++) {
            Mutation put = new Mutation.Put(name(i), Bytes.EMPTY, Bytes.EMPTY, Data.wrap(new byte[BODY_BYTES]));
            store.commit(List.of(
                    new StoreTransaction(PG, LOCATOR, new ObjectVersion(EPOCH, i + 1), List.of(put), List.of())));
        }
        LocalCopy copy = LocalCopy.created(PG, EPOCH);
        Commits commits = new Commits(PG);
        Reads reading = new Reads(store, 0);
        Members members = new Members(
                Map.of(TARGET, new Activation.Peer(Bytes.EMPTY, new MissingSet(new TreeMap<>()))), ObjectVersion.NONE);
        Pipeline pipeline = new Pipeline(PG, copy, PgLog.Limits.DEFAULT, commits, members, EPOCH);
        Repair repair = new Repair(PG, EPOCH, members, pipeline, commits, reading, store, TreeSet::new);
        return new Backfill(PG, EPOCH, members, pipeline, reading, repair, store, KeyLayout.entriesOf(PG, 1));
    }

    /** Writes wait for a range: it must not take seconds to be read. */
    @Test
    void aRangeEndsAfterSoManyBytes() {
        Backfill backfill = backfill();
        backfill.more(out);
        reads.values().iterator().next().run();
        backfill.onRead(reads.keySet().iterator().next(), null, out);
        assertThat(sent)
                .containsExactly(
                        new ReplicationMessage.Scan(PG, EPOCH, Bytes.EMPTY, KeyLayout.entry(LOCATOR, name(3))));
    }

    /** A connection breaks while entries are read; what the member has when they have been read again does not go to it once more. */
    @Test
    void whatIsReadTwiceIsNotSentToWhomHasIt() {
        Backfill backfill = backfill();
        backfill.more(out);
        // How far the range goes, and then what is in it.
        end(backfill, List.copyOf(reads.keySet()));
        end(backfill, List.copyOf(reads.keySet()));
        Bytes through = ((ReplicationMessage.Scan) sent.get(0)).through();
        backfill.onScanned(TARGET, new ReplicationMessage.Scanned(PG, EPOCH, Bytes.EMPTY, through, List.of()), out);
        List<Long> once = List.copyOf(reads.keySet());
        backfill.onPeerReset(TARGET, out);
        List<Long> twice = new ArrayList<>(reads.keySet());
        twice.removeAll(once);
        assertThat(twice).hasSameSizeAs(once).isNotEmpty();
        sent.clear();
        end(backfill, once);
        List<ReplicationMessage> pushes = List.copyOf(sent);
        assertThat(pushes).isNotEmpty().allMatch(message -> message instanceof ReplicationMessage.Push);
        for (ReplicationMessage message : pushes) {
            ReplicationMessage.Push push = (ReplicationMessage.Push) message;
            backfill.onPushed(TARGET, new ReplicationMessage.Pushed(PG, EPOCH, push.key(), push.version()), out);
        }
        sent.clear();
        end(backfill, twice);
        assertThat(sent).noneMatch(message -> message instanceof ReplicationMessage.Push);
    }

    private void end(Backfill backfill, List<Long> tokens) {
        for (long token : tokens) {
            reads.remove(token).run();
            backfill.onRead(token, null, out);
        }
    }
}
