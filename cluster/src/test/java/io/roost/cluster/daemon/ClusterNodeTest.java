package io.roost.cluster.daemon;

import static io.roost.cluster.daemon.LocalCluster.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.OsdSetting;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.mon.Mkfs;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.pg.Items;
import io.roost.cluster.pg.ReservationSide;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreConfig;
import io.roost.cluster.store.StoreFailedException;
import io.roost.cluster.store.StoreSpace;
import io.roost.cluster.store.rocksdb.RocksConfig;
import io.roost.cluster.store.rocksdb.RocksKeyValue;
import io.roost.cluster.transport.LocalTransport;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A monitor, an OSD and a client in one process, on real disks. */
class ClusterNodeTest {
    private static final int SMALL_DISK_BYTES = 64 << 20;
    private static final int BODY_BYTES = 300_000;
    private static final Bytes BODY = Bytes.utf8("body");

    private static final ObjectClass BODIES = new ObjectClass("bodies", 1)
            .writing(
                    "put",
                    (view, input) -> ClassReply.write(
                            Bytes.EMPTY, List.of(new Mutation.Put(BODY, Bytes.EMPTY, Bytes.EMPTY, input.data()))))
            .freeing("delete", (view, input) -> ClassReply.write(Bytes.EMPTY, List.of(new Mutation.Delete(BODY))));

    private final Vertx vertx = Vertx.vertx();
    private final List<Context> loops = List.of(((VertxInternal) vertx).createEventLoopContext());

    @TempDir
    private Path folder;

    @AfterEach
    void stop() throws Exception {
        join(vertx.close());
    }

    private ClusterNode start() throws Exception {
        return start(StoreConfig.DEFAULT);
    }

    private ClusterNode start(StoreConfig store) throws Exception {
        Mkfs mkfs =
                Mkfs.singleNode(SampleMaps.FSID, new NodeAddress("127.0.0.1", 0, 0), "localhost", OsdInfo.NO_UUID, 1);
        ClusterNode.Config config = new ClusterNode.Config(
                folder,
                ClusterNode.Members.alone(mkfs),
                new ClusterNode.Disks(store, RocksConfig.forCapacity(1L << 30), PgLog.Limits.DEFAULT),
                LocalTransport.Mode.BYTES,
                Optional.empty(),
                Optional.of(Duration.ofSeconds(60)));
        return ClusterNode.start(
                vertx, config, loops, new ClassRegistry(List.of(Items.CLASS, BODIES)), new BlockPool(16), failure -> {
                    throw new AssertionError(failure);
                });
    }

    private int newestEpoch() throws IOException {
        RocksKeyValue store = RocksKeyValue.open(
                folder.resolve("osd.0").resolve("db"), RocksConfig.forCapacity(1L << 30), message -> {
                    throw new AssertionError(message);
                });
        try {
            return Superblock.of(store, SampleMaps.FSID, 0).newestEpoch();
        } finally {
            store.close();
        }
    }

    @Test
    void theStoreKnowsTheEpochInWhichItServes() throws Exception {
        int before = 0;
        for (int life = 1; life <= 3; life++) {
            ClusterNode node = start();
            int epoch = node.rados().map().epoch();
            assertThat(epoch).isGreaterThan(before);
            String method = life % 2 == 1 ? "create" : "remove";
            assertThat(join(node.rados().pool("data").call(Bytes.utf8("l"), ClassCall.of("items", method, Bytes.EMPTY)))
                            .version()
                            .epoch())
                    .isEqualTo(epoch);
            node.stop();
            assertThat(newestEpoch()).isEqualTo(epoch);
            before = epoch;
        }
    }

    @Test
    void aMonitorThatWasSetBackIsNoticed() throws Exception {
        start().stop();
        Path old = folder.resolve("old");
        copy(folder.resolve("mon"), old);
        start().stop();
        Path newer = folder.resolve("newer");
        Files.move(folder.resolve("mon"), newer);
        Files.move(old, folder.resolve("mon"));
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(this::start)
                    .isInstanceOf(StoreFailedException.class)
                    .hasMessageContaining("the store knows epoch");
        }
        delete(folder.resolve("mon"));
        Files.move(newer, folder.resolve("mon"));
        start().stop();
    }

    /** How many placement groups have a turn to be recovered when many ask. */
    private static int turns(ClusterNode node) throws Exception {
        CompletableFuture<Integer> turns = new CompletableFuture<>();
        node.osds().get(0).daemon().onReservers(all -> {
            for (int seed = 0; seed < 64; seed++) {
                all.reserve(ReservationSide.LOCAL, new PgId(1000, seed), 1, seed);
            }
            turns.complete(all.held(ReservationSide.LOCAL).size());
            for (int seed = 0; seed < 64; seed++) {
                all.release(ReservationSide.LOCAL, new PgId(1000, seed), seed);
            }
        });
        return turns.get(30, TimeUnit.SECONDS);
    }

    private static void until(String what, Callable<Boolean> condition) throws Exception {
        for (int waited = 0; !condition.call(); waited++) {
            assertThat(waited).as("times looked whether %s", what).isLessThan(600);
            Thread.sleep(50);
        }
    }

    private static void untilThereAreTurns(ClusterNode node, int turns) throws Exception {
        until("there are " + turns + " turns", () -> turns(node) == turns);
    }

    @Test
    void aRunningOsdFollowsHowManyAreRecoveredAtATime() throws Exception {
        ClusterNode node = start();
        String name = OsdSetting.MAX_BACKFILLS.text();
        int fallback = (int) OsdSetting.MAX_BACKFILLS.fallback();
        untilThereAreTurns(node, fallback);
        join(node.client().command(new MonCommand.SetSetting("osd", name, Optional.of("5"))));
        untilThereAreTurns(node, 5);
        node.stop();
        node = start();
        untilThereAreTurns(node, 5);
        join(node.client().command(new MonCommand.SetSetting("osd", name, Optional.empty())));
        untilThereAreTurns(node, fallback);
        node.stop();
    }

    private static CallReply call(ClusterNode node, int number, String method, Data data) throws Exception {
        ClassCall call = new ClassCall("bodies", method, Bytes.EMPTY, data);
        return join(node.rados().pool("data").call(Bytes.utf8("l" + number), call));
    }

    private static boolean isFull(ClusterNode node) {
        return node.client().osdMap().isSet(OsdMapFlag.FULL);
    }

    /** Nothing but its timer lets it tell: no map comes meanwhile, and no session begins. */
    @Test
    void anOsdTellsThatItsStoreIsFullAndThatItIsNotAnyMore() throws Exception {
        ClusterNode node = start(StoreConfig.DEFAULT.withCapacity(SMALL_DISK_BYTES));
        ObjectStore store = node.osds().get(0).store();
        int bodies = 0;
        while (store.space().level() != StoreSpace.Level.FULL) {
            call(node, bodies++, "put", Data.wrap(new byte[BODY_BYTES]));
        }
        until("the map says that an OSD is full", () -> isFull(node));
        for (int number = 0; number < bodies; number++) {
            call(node, number, "delete", Data.EMPTY);
        }
        until("the map says so no more", () -> !isFull(node));
        node.stop();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            files.forEach(file -> {
                try {
                    Files.copy(file, to.resolve(from.relativize(file)));
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
        }
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
        }
    }
}
