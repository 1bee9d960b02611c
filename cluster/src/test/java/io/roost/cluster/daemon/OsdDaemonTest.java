package io.roost.cluster.daemon;

import static io.roost.cluster.daemon.LocalCluster.join;
import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.pg.Items;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.KeyValue;
import io.roost.cluster.store.KeyValueBatch;
import io.roost.cluster.store.Tier;
import io.roost.cluster.transport.LocalTransport;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An OSD and its client on real event loops, threads and disk. */
class OsdDaemonTest {
    private static final ObjectClass KV = new ObjectClass("kv", 1)
            .writing(
                    "put",
                    (view, input) -> ClassReply.write(
                            Bytes.EMPTY,
                            List.of(new Mutation.Put(
                                    input.parameters(), Bytes.utf8("a"), Bytes.utf8("v"), input.data()))))
            .reading("get", (view, input) -> {
                Entry entry = view.entry(input.parameters());
                return entry == null
                        ? ClassReply.refuse(404, Bytes.EMPTY)
                        : ClassReply.read(
                                view.value(input.parameters()),
                                new ClassReply.BodyRange(input.parameters(), 0, Long.MAX_VALUE));
            });

    /** Counts its calls: answers differ, so that one carried out twice leaves a gap. */
    private static final ObjectClass COUNTER = new ObjectClass("counter", 1).writing("next", (view, input) -> {
        Bytes name = Bytes.utf8("n");
        long next = 1
                + (view.entry(name) == null
                        ? 0
                        : Long.parseLong(view.value(name).utf8()));
        Bytes value = Bytes.utf8(Long.toString(next));
        return ClassReply.write(value, List.of(new Mutation.Put(name, Bytes.EMPTY, value, Data.EMPTY)));
    });

    @TempDir
    private Path folder;

    private LocalCluster cluster;

    private IoContext start(LocalTransport.Mode mode) throws Exception {
        cluster = LocalCluster.start(folder, new ClassRegistry(List.of(KV)), mode);
        return cluster.rados().pool("data");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void damageFoundWhenTheStoreIsOpenedIsNamedAndTheRestIsServed() throws Exception {
        IoContext pool = start(LocalTransport.Mode.REFERENCES);
        for (String locator : List.of("sound", "damaged")) {
            join(pool.call(Bytes.utf8(locator), put(locator)));
        }
        KeyValue rows = cluster.keyValue();
        try (KeyValue.Cursor lists = rows.cursor(Family.DATA, Bytes.of('e'), Bytes.of('f'), Tier.DISK)) {
            while (lists.next()) {
                if (KeyLayout.parse(lists.key().slice(1, lists.key().length()))
                        .name()
                        .equals(Bytes.utf8("damaged"))) {
                    rows.write(new KeyValueBatch().put(Family.DATA, lists.key(), Bytes.of(0)));
                }
            }
        }
        cluster.close();
        pool = start(LocalTransport.Mode.REFERENCES);
        assertThat(cluster.osd().damaged().newestFirst())
                .extracting(DamagedEntries.Damage::name)
                .containsExactly(Bytes.utf8("damaged"));
        // More requests than before: the client has the same id again, and a number used twice is taken for a resend.
        for (int i = 0; i < 8; i++) {
            CallReply sound = join(pool.call(Bytes.utf8("sound"), ClassCall.of("kv", "get", Bytes.utf8("sound"))));
            assertThat(sound.data().length()).isEqualTo(100_000);
            sound.data().release();
        }
        assertThat(join(pool.call(Bytes.utf8("damaged"), put("damaged"))).isOk())
                .isTrue();
        CallReply again = join(pool.call(Bytes.utf8("damaged"), ClassCall.of("kv", "get", Bytes.utf8("damaged"))));
        assertThat(again.data().length()).isEqualTo(100_000);
        again.data().release();
    }

    private static ClassCall put(String name) {
        return new ClassCall("kv", "put", Bytes.utf8(name), Data.wrap(new byte[100_000]));
    }

    @ParameterizedTest
    @EnumSource(LocalTransport.Mode.class)
    void storesAndReadsBodiesOfAllSizes(LocalTransport.Mode mode) throws Exception {
        IoContext pool = start(mode);
        for (int size : new int[] {1, 4096, 65_536, 65_537, 1 << 20, 4 << 20}) {
            byte[] bytes = new byte[size];
            new java.util.Random(size).nextBytes(bytes);
            Bytes locator = Bytes.utf8("l" + size);
            CallReply put = join(pool.call(locator, new ClassCall("kv", "put", Bytes.utf8("n"), Data.wrap(bytes))));
            assertThat(put.isOk()).isTrue();
            assertThat(put.version().version()).isPositive();
            CallReply get = join(pool.call(locator, ClassCall.of("kv", "get", Bytes.utf8("n"))));
            assertThat(get.output().utf8()).isEqualTo("v");
            assertThat(get.data().toArray()).isEqualTo(bytes);
            get.data().release();
        }
    }

    @Test
    void manyWritesShareSyncs() throws Exception {
        IoContext pool = start(LocalTransport.Mode.REFERENCES);
        List<Future<CallReply>> all = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            Data data = Data.wrap(new byte[100]);
            all.add(pool.call(Bytes.utf8("l" + i % 10), new ClassCall("kv", "put", Bytes.utf8("n" + i), data)));
            if (i < 10) {
                join(all.get(i));
            }
        }
        join(Future.all(all));
        assertThat(cluster.osd().store().counters().groups()).isLessThan(1000);
        assertThat(cluster.osd().store().counters().transactions()).isEqualTo(2000);
    }

    @Test
    void everyWriteIsCarriedOutOnceAlthoughItArrivesTwice() throws Exception {
        long seed = System.nanoTime();
        cluster = LocalCluster.lossy(folder, new ClassRegistry(List.of(COUNTER)), seed);
        IoContext pool = cluster.rados().pool("data");
        List<List<Future<CallReply>>> calls = new ArrayList<>();
        for (int locator = 0; locator < 10; locator++) {
            calls.add(new ArrayList<>());
        }
        for (int i = 0; i < 3000; i++) {
            ClassCall next = ClassCall.of("counter", "next", Bytes.EMPTY);
            Future<CallReply> call = pool.call(Bytes.utf8("l" + i % 10), next);
            calls.get(i % 10).add(call);
            if (i < 10) {
                // Until its log is read from the disk, a placement group takes a thousand requests and refuses more.
                join(call);
            }
        }
        for (List<Future<CallReply>> ofLocator : calls) {
            join(Future.all(ofLocator));
            List<Long> answers = new ArrayList<>();
            ofLocator.forEach(
                    call -> answers.add(Long.parseLong(call.result().output().utf8())));
            assertThat(answers)
                    .as("seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.rangeClosed(1, 300).boxed().toList());
        }
        assertThat(cluster.resends()).as("seed %d", seed).isGreaterThan(500);
    }

    @Test
    void everyRequestDoesWhatItsClientIsToldAlthoughCopiesComeLate() throws Exception {
        long seed = System.nanoTime();
        cluster = LocalCluster.lossy(folder, new ClassRegistry(List.of(Items.CLASS)), seed);
        IoContext pool = cluster.rados().pool("data");
        Random random = new Random(seed);
        List<String> told = new ArrayList<>();
        for (int round = 0; round < 30; round++) {
            List<Future<CallReply>> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                String method = random.nextBoolean() ? "create" : "remove";
                calls.add(pool.call(Bytes.utf8("l"), ClassCall.of("items", method, Bytes.EMPTY)));
            }
            join(Future.all(calls));
            calls.forEach(call -> told.add(call.result().output().utf8()));
            cluster.deliverLate();
        }
        String newest = join(pool.call(Bytes.utf8("l"), ClassCall.of("items", "newest", Bytes.EMPTY)))
                .output()
                .utf8();
        List<String> changes =
                told.stream().filter(output -> output.startsWith("c")).toList();
        assertThat(changes.size()).as("seed %d", seed).isBetween(500, 2500);
        assertThat(changes)
                .as("seed %d", seed)
                .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, Long.parseLong(newest.substring(1)))
                        .mapToObj(number -> "c" + number)
                        .toList());
        assertThat(cluster.resends()).as("seed %d", seed).isGreaterThan(300);
    }

    @Test
    void theSuperblockHasEveryEpochBeforeTheOsdActsOnIt() throws Exception {
        IoContext pool = start(LocalTransport.Mode.REFERENCES);
        OsdMap map = cluster.rados().map();
        for (int epoch = 1; epoch < 20; epoch++) {
            CallReply put = join(pool.call(Bytes.utf8("l"), ClassCall.of("kv", "put", Bytes.utf8("n"))));
            assertThat(put.version().epoch()).isEqualTo(epoch);
            Superblock written = Superblock.of(cluster.keyValue(), SampleMaps.FSID, 0);
            assertThat(written.newestEpoch()).isEqualTo(epoch);
            map = SampleMaps.next(map);
            cluster.onMap(map);
        }
    }

    @Test
    void aWatcherThatFailsHasNotHeardAndDoesNotStopTheOsd() throws Exception {
        IoContext pool = start(LocalTransport.Mode.REFERENCES);
        List<Throwable> thrown = new CopyOnWriteArrayList<>();
        for (Context loop : cluster.loops()) {
            loop.exceptionHandler(thrown::add);
        }
        join(pool.watch(Bytes.utf8("l"), Bytes.utf8("n"), payload -> {
            throw new IllegalStateException("of the watcher");
        }));
        IoContext.NotifyReply reply =
                join(pool.notify(Bytes.utf8("l"), Bytes.utf8("n"), Bytes.utf8("hello"), Duration.ofMillis(1)));
        assertThat(reply).isEqualTo(new IoContext.NotifyReply(0, 1));
        assertThat(thrown).hasSize(1).first().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void watchersHearNotifications() throws Exception {
        IoContext pool = start(LocalTransport.Mode.BYTES);
        List<String> heard = new ArrayList<>();
        IoContext.Watch watch =
                join(pool.watch(Bytes.utf8("l"), Bytes.utf8("n"), payload -> heard.add(payload.utf8())));
        IoContext.NotifyReply reply =
                join(pool.notify(Bytes.utf8("l"), Bytes.utf8("n"), Bytes.utf8("hello"), Duration.ofSeconds(20)));
        assertThat(reply).isEqualTo(new IoContext.NotifyReply(1, 0));
        assertThat(heard).containsExactly("hello");
        join(watch.cancel());
        reply = join(pool.notify(Bytes.utf8("l"), Bytes.utf8("n"), Bytes.utf8("again"), Duration.ofSeconds(20)));
        assertThat(reply).isEqualTo(new IoContext.NotifyReply(0, 0));
        assertThat(heard).hasSize(1);
    }
}
