package io.roost.cluster.mon;

import static io.roost.cluster.mon.MonitorFixture.FSID;
import static io.roost.cluster.mon.MonitorFixture.OSD;
import static io.roost.cluster.mon.MonitorFixture.SESSION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.machine.TimerId;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.Pool;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.paxos.LogLimits;
import io.roost.cluster.paxos.MonKey;
import io.roost.cluster.paxos.MonStoreException;
import io.roost.cluster.paxos.MonTransaction;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MonitorTest {
    /** Two epochs of an election, and a proposal number. */
    private static final int WRITES_OF_A_START = 3;

    private final MapMonStore store = new MapMonStore();
    private final MonitorFixture mon = new MonitorFixture(store);

    @Test
    void newClusterHasItsPoolsAndOneOsdThatIsNotUp() {
        OsdMap map = mon.monitor.osdMap();
        assertThat(map.epoch()).isEqualTo(1);
        assertThat(map.fsid()).isEqualTo(FSID);
        assertThat(map.pools()).extracting(Pool::name).containsExactly("system", "data");
        assertThat(map.pools()).extracting(Pool::pgNum).containsOnly(64);
        assertThat(map.osd(0).isUp()).isFalse();
        assertThat(map.primary(new PgId(1, 0))).isEqualTo(OsdMap.NO_OSD);
        assertThat(mon.monitor.monMap().rank("a")).isZero();
        assertThat(mon.monitor.version()).isEqualTo(1);
    }

    @Test
    void storeIsFormattedOnceAndOpenedOnlyWhenItIs() {
        assertThatThrownBy(() -> Monitor.format(store, Mkfs.singleNode(FSID, NodeAddress.NONE, "h", OSD, 0)))
                .isInstanceOf(MonStoreException.class);
        assertThatThrownBy(() -> Monitor.openSole(new MapMonStore(), 0)).isInstanceOf(MonStoreException.class);
    }

    @Test
    void bootMarksTheOsdUpAndItServesEveryPlacementGroup() {
        mon.on(SESSION, MonitorFixture.boot(0, OSD, 1, 0));
        OsdMap map = mon.monitor.osdMap();
        assertThat(map.epoch()).isEqualTo(2);
        OsdInfo osd = map.osd(0);
        assertThat(osd.isUp()).isTrue();
        assertThat(osd.upFrom()).isEqualTo(2);
        assertThat(map.commonFeature("put")).isEqualTo(1);
        for (Pool pool : map.pools()) {
            for (int seed = 0; seed < pool.pgNum(); seed++) {
                assertThat(map.acting(new PgId(pool.id(), seed))).containsExactly(0);
            }
        }
    }

    @Test
    void bootThatIsSentAgainChangesNothing() {
        mon.on(SESSION, MonitorFixture.boot(0, OSD, 1, 0));
        assertThat(mon.on(SESSION, MonitorFixture.boot(0, OSD, 1, 0))).isEmpty();
        assertThat(mon.monitor.osdMap().epoch()).isEqualTo(2);
    }

    @Test
    void nextLifeOfAnOsdBeginsAfterAnEpochThatShowsItDown() {
        mon.on(SESSION, MonitorFixture.boot(0, OSD, 1, 0));
        List<MonMessage.FromMonitor> none = mon.on(SESSION, MonitorFixture.boot(0, OSD, 2, 2));
        assertThat(none).isEmpty();
        OsdMap map = mon.monitor.osdMap();
        assertThat(map.epoch()).isEqualTo(4);
        assertThat(map.osd(0).downAt()).isEqualTo(3);
        assertThat(map.osd(0).upFrom()).isEqualTo(4);
        assertThat(map.osd(0).publicAddress().nonce()).isEqualTo(2);
    }

    @Test
    void bootOfAStrangerOrOfAnOldStoreIsRefused() {
        assertThat(refusal(MonitorFixture.boot(5, OSD, 1, 0))).contains("does not exist");
        assertThat(refusal(MonitorFixture.boot(0, FSID, 1, 0))).contains("has store");
        assertThat(refusal(MonitorFixture.boot(0, OSD, 1, 9))).contains("only 1");
        mon.on(SESSION, MonitorFixture.boot(0, OSD, 1, 1));
        mon.on(SESSION, new MonMessage.OsdAlive(0, new NodeAddress("127.0.0.1", 9441, 1), 2));
        assertThat(mon.monitor.osdMap().osd(0).upThru()).isEqualTo(2);
        assertThat(refusal(MonitorFixture.boot(0, OSD, 2, 1))).contains("set back");
        assertThat(mon.monitor.osdMap().epoch()).isEqualTo(3);
    }

    private String refusal(MonMessage.OsdBoot boot) {
        return ((MonMessage.OsdBootRefused) mon.on(SESSION, boot).get(0)).reason();
    }

    @Test
    void upThruRisesOnlyForTheLifeThatIsUp() {
        mon.on(SESSION, MonitorFixture.boot(0, OSD, 1, 0));
        mon.on(SESSION, new MonMessage.OsdAlive(0, new NodeAddress("127.0.0.1", 9441, 9), 2));
        mon.on(SESSION, new MonMessage.OsdAlive(0, new NodeAddress("127.0.0.1", 9441, 1), 3));
        assertThat(mon.monitor.osdMap().epoch())
                .as("neither a stranger nor the future")
                .isEqualTo(2);
        mon.on(SESSION, new MonMessage.OsdAlive(0, new NodeAddress("127.0.0.1", 9441, 1), 2));
        assertThat(mon.monitor.osdMap().osd(0).upThru()).isEqualTo(2);
    }

    @Test
    void stoppingOsdIsMarkedDown() {
        mon.on(SESSION, MonitorFixture.boot(0, OSD, 1, 0));
        mon.on(SESSION, new MonMessage.OsdStopping(0, new NodeAddress("127.0.0.1", 9441, 8)));
        assertThat(mon.monitor.osdMap().isUp(0)).isTrue();
        mon.on(SESSION, new MonMessage.OsdStopping(0, new NodeAddress("127.0.0.1", 9441, 1)));
        assertThat(mon.monitor.osdMap().isUp(0)).isFalse();
        assertThat(mon.monitor.osdMap().osd(0).downAt()).isEqualTo(3);
    }

    @Test
    void subscriberGetsTheNewestAndThenEveryEpoch() {
        OsdMap map = MonitorFixture.follow(
                null,
                mon.on(SESSION, MonitorFixture.subscribe(MonMessage.Topic.OSD_MAP, 0, MonMessage.Duration.CONTINUOUS)));
        assertThat(map).isEqualTo(mon.monitor.osdMap());
        map = MonitorFixture.follow(map, mon.on(8, MonitorFixture.boot(0, OSD, 1, 0)));
        assertThat(map.epoch()).isEqualTo(2);
        assertThat(map).isEqualTo(mon.monitor.osdMap());
        map = MonitorFixture.follow(map, mon.on(8, MonitorFixture.boot(0, OSD, 2, 2)));
        assertThat(map.epoch()).isEqualTo(4);
        mon.monitor.onSessionClosed(SESSION);
        assertThat(mon.on(8, MonitorFixture.boot(0, OSD, 3, 4))).isEmpty();
    }

    @Test
    void wishForALaterEpochIsAnsweredOnceWhenItIsThere() {
        assertThat(mon.on(SESSION, MonitorFixture.subscribe(MonMessage.Topic.OSD_MAP, 2, MonMessage.Duration.ONCE)))
                .isEmpty();
        assertThat(mon.on(8, MonitorFixture.boot(0, OSD, 1, 0))).hasSize(1);
        assertThat(mon.on(8, MonitorFixture.boot(0, OSD, 2, 2))).isEmpty();
    }

    @Test
    void subscriberFarBehindGetsAllEpochsInSeveralMessages() {
        OsdMap first = mon.monitor.osdMap();
        mon.on(SESSION, MonitorFixture.boot(0, OSD, 1, 0));
        toggle(100);
        List<MonMessage.FromMonitor> messages =
                mon.on(9, MonitorFixture.subscribe(MonMessage.Topic.OSD_MAP, 2, MonMessage.Duration.ONCE));
        assertThat(messages).hasSize(3);
        assertThat(messages)
                .allSatisfy(message ->
                        assertThat(((MonMessage.OsdMaps) message).full()).isEmpty());
        assertThat(MonitorFixture.follow(first, messages)).isEqualTo(mon.monitor.osdMap());
    }

    /** Of a subscriber whose third epoch is not the monitors': the newest map alone would leave all between out. */
    @Test
    void whoCannotApplyADifferenceIsGivenThatEpochWholeAndOnce() {
        mon.on(SESSION, MonitorFixture.boot(0, OSD, 1, 0));
        toggle(3);
        List<MonMessage.FromMonitor> messages =
                mon.on(9, MonitorFixture.subscribe(MonMessage.Topic.WHOLE_OSD_MAP, 3, MonMessage.Duration.ONCE));
        MonMessage.OsdMaps maps = (MonMessage.OsdMaps) messages.get(0);
        assertThat(maps.full().orElseThrow().epoch()).isEqualTo(3);
        assertThat(maps.incrementals()).extracting(OsdMap.Incremental::epoch).containsExactly(4, 5);
        assertThat(MonitorFixture.follow(null, messages)).isEqualTo(mon.monitor.osdMap());
        assertThat(mon.on(SESSION, MonitorFixture.boot(0, OSD, 2, 5))).isEmpty();
    }

    /** Commits as many epochs. */
    private void toggle(int epochs) {
        for (int i = 0; i < epochs; i++) {
            mon.command(new MonCommand.SetOsdWeight(0, i % 2 == 0 ? 0x8000 : 0x10000));
        }
    }

    @Test
    void epochsAreTrimmedWhenNoOsdNeedsThemAndALaggardGetsAFullOne() {
        mon.on(SESSION, MonitorFixture.boot(0, OSD, 1, 0));
        toggle(LogLimits.DEFAULT.minVersions() + 100);
        assertThat(store.number(OsdMapService.FIRST))
                .as("nobody said what it needs")
                .isEqualTo(1);
        mon.on(SESSION, new MonMessage.OsdBeacon(0, 500, 45));
        toggle(100);
        assertThat(store.number(OsdMapService.FIRST))
                .as("nobody said how the placement groups are")
                .isEqualTo(1);
        mon.on(SESSION, mon.statsOfAll(0, 40));
        toggle(1);
        assertThat(store.number(OsdMapService.FIRST)).isEqualTo(40);
        assertThat(store.rows.keySet().stream().filter(key -> key.prefix().equals("osdmap")))
                .hasSize(2 * (mon.monitor.osdMap().epoch() - 39) + 2);
        List<MonMessage.FromMonitor> messages =
                mon.on(9, MonitorFixture.subscribe(MonMessage.Topic.OSD_MAP, 7, MonMessage.Duration.ONCE));
        MonMessage.OsdMaps oldest = (MonMessage.OsdMaps) messages.get(0);
        assertThat(oldest.full().orElseThrow().epoch()).isEqualTo(40);
        assertThat(oldest.oldestEpoch()).isEqualTo(40);
        assertThat(MonitorFixture.follow(null, messages)).isEqualTo(mon.monitor.osdMap());
    }

    @Test
    void logIsTrimmedAndKeepsItsNewestVersions() {
        LogLimits limits = LogLimits.DEFAULT;
        toggle(limits.minVersions() + limits.trimVersions() + 10);
        long first = store.number(MonKey.of("paxos", "first_committed"));
        long last = store.number(MonKey.of("paxos", "last_committed"));
        assertThat(first).isEqualTo(1 + limits.trimVersions());
        assertThat(last).isEqualTo(mon.monitor.version());
        assertThat(store.rows.keySet().stream()
                        .filter(key -> key.prefix().equals("paxos") && key.key().length() == Long.BYTES))
                .hasSize((int) (last - first + 1));
    }

    @Test
    void storeThatReplaysTheLogIsTheSame() {
        mon.on(SESSION, MonitorFixture.boot(0, OSD, 1, 0));
        mon.on(SESSION, new MonMessage.Authenticate(1, "client.a"));
        mon.command(new MonCommand.CreatePool("p", 1, 0, 12, "replicated_rule"));
        mon.command(new MonCommand.SetSetting("osd", "grace", Optional.of("7")));
        MapMonStore replayed = new MapMonStore();
        for (long version = 1; version <= mon.monitor.version(); version++) {
            Bytes value = store.get(MonKey.of("paxos", version)).orElseThrow();
            replayed.write(MonTransaction.decode(value));
        }
        TreeMap<MonKey, Bytes> applied = new TreeMap<>(store.rows);
        applied.keySet().removeIf(key -> Set.of("paxos", "election").contains(key.prefix()));
        assertThat(replayed.rows).isEqualTo(applied);
    }

    @Test
    void everythingCommittedIsThereAfterReopening() {
        mon.on(SESSION, MonitorFixture.boot(0, OSD, 1, 0));
        mon.command(new MonCommand.CreatePool("p", 1, 0, 12, "replicated_rule"));
        mon.command(new MonCommand.SetSetting("osd", "grace", Optional.of("7")));
        Monitor before = mon.monitor;
        mon.open();
        assertThat(mon.monitor.osdMap()).isEqualTo(before.osdMap());
        assertThat(mon.monitor.config().value("osd", "0", "grace")).contains("7");
        assertThat(mon.monitor.version()).isEqualTo(before.version());
    }

    @Test
    void globalIdsAreNeverGivenTwiceNotEvenAfterReopening() {
        long seed = 11;
        Random random = new Random(seed);
        Set<Long> given = new HashSet<>();
        int lives = 1;
        for (int i = 0; i < 1000; i++) {
            MonMessage.AuthenticateReply reply = (MonMessage.AuthenticateReply)
                    mon.on(i, new MonMessage.Authenticate(i, "client.x")).get(0);
            assertThat(reply.tid()).isEqualTo(i);
            assertThat(reply.globalId()).isPositive();
            assertThat(given.add(reply.globalId()))
                    .as("id %d, seed %d", reply.globalId(), seed)
                    .isTrue();
            if (random.nextInt(20) == 0) {
                mon.open();
                lives++;
            }
        }
        assertThat(store.writes - lives * WRITES_OF_A_START)
                .as("ids are reserved many at a time")
                .isLessThan(120);
    }

    @Test
    void nothingIsAnsweredThatWasNotWritten() {
        long id = ((MonMessage.AuthenticateReply)
                        mon.on(1, new MonMessage.Authenticate(1, "client.x")).get(0))
                .globalId();
        assertThat(id).isEqualTo(1);
        store.writesLeft = 0;
        int before = mon.sent.size();
        assertThatThrownBy(() -> mon.command(new MonCommand.CreatePool("p", 1, 0, 8, "replicated_rule")))
                .hasMessage("the power is gone");
        assertThat(mon.sent).hasSize(before);
        assertThat(Monitor.openSole(store, 0).osdMap().pool("p")).isNull();
    }

    @Test
    void poolIsCreatedOnceAndRemoved() {
        MonCommand.CreatePool create = new MonCommand.CreatePool("p", 3, 0, 12, "replicated_rule");
        MonMessage.CommandReply created = mon.command(create);
        assertThat(created.outcome()).isEqualTo(MonCommand.Outcome.DONE);
        assertThat(created.epoch()).isEqualTo(2);
        Pool pool = mon.monitor.osdMap().pool("p");
        assertThat(pool.id()).isEqualTo(3);
        assertThat(pool.minSize()).isEqualTo(2);
        assertThat(mon.command(create).outcome()).isEqualTo(MonCommand.Outcome.DONE);
        assertThat(mon.monitor.osdMap().epoch())
                .as("asking again changes nothing")
                .isEqualTo(2);
        assertThat(mon.command(new MonCommand.CreatePool("p", 2, 0, 12, "replicated_rule"))
                        .outcome())
                .isEqualTo(MonCommand.Outcome.EXISTS);
        assertThat(mon.command(new MonCommand.RemovePool("p")).epoch()).isEqualTo(3);
        assertThat(mon.command(new MonCommand.RemovePool("p")).outcome()).isEqualTo(MonCommand.Outcome.DONE);
        mon.command(create);
        assertThat(mon.monitor.osdMap().pool("p").id())
                .as("ids are never used again")
                .isEqualTo(4);
    }

    @Test
    void commandThatBreaksARuleChangesNothing() {
        assertThat(mon.command(new MonCommand.CreatePool("p", 1, 2, 8, "replicated_rule"))
                        .outcome())
                .isEqualTo(MonCommand.Outcome.INVALID);
        assertThat(mon.command(new MonCommand.CreatePool("p", 1, 1, 8, "none")).outcome())
                .isEqualTo(MonCommand.Outcome.NOT_FOUND);
        assertThat(mon.command(new MonCommand.RemovePool("data")).outcome()).isEqualTo(MonCommand.Outcome.INVALID);
        assertThat(mon.command(new MonCommand.SetOsdWeight(4, 0)).outcome()).isEqualTo(MonCommand.Outcome.NOT_FOUND);
        assertThat(mon.command(new MonCommand.SetOsdWeight(0, 0x10001)).outcome())
                .isEqualTo(MonCommand.Outcome.INVALID);
        assertThat(mon.command(new MonCommand.SetSetting("", "a", Optional.of("b")))
                        .outcome())
                .isEqualTo(MonCommand.Outcome.INVALID);
        assertThat(mon.monitor.version()).isEqualTo(1);
    }

    @Test
    void settingsReachTheirSubscribers() {
        mon.on(SESSION, MonitorFixture.subscribe(MonMessage.Topic.CONFIG, 2, MonMessage.Duration.CONTINUOUS));
        List<MonMessage.FromMonitor> sent =
                mon.on(8, new MonMessage.Command(1, new MonCommand.SetSetting("osd", "grace", Optional.of("7"))));
        assertThat(sent).hasSize(2).element(0).isInstanceOf(MonMessage.CommandReply.class);
        assertThat(((MonMessage.ConfigUpdate) sent.get(1)).config().value("osd", "3", "grace"))
                .contains("7");
    }

    @Test
    void soleMonitorThatIsNotRunningCanBeMoved() {
        NodeAddress address = new NodeAddress("10.0.0.5", 9441, 0);
        Monitor.move(store, address, new Clocks(5, 5), mon);
        Monitor moved = Monitor.openSole(store, 6);
        MonMap map = moved.monMap();
        assertThat(map.epoch()).isEqualTo(2);
        assertThat(map.monitors().get(0).address()).isEqualTo(address);
        assertThat(moved.version()).isEqualTo(2);
    }

    /** As a version before Roost's Paxos left it: neither an election nor a number has ever been written. */
    @Test
    void storeOfAMonitorWithoutElectionsGoesOn() {
        mon.command(new MonCommand.SetSetting("osd", "grace", Optional.of("7")));
        store.rows
                .keySet()
                .removeIf(key -> key.prefix().equals("election") || key.equals(MonKey.of("paxos", "accepted_pn")));
        mon.open();
        assertThat(mon.monitor.version()).isEqualTo(2);
        assertThat(mon.command(new MonCommand.SetSetting("osd", "grace", Optional.of("8")))
                        .outcome())
                .isEqualTo(MonCommand.Outcome.DONE);
        assertThat(mon.monitor.version()).isEqualTo(3);
        assertThat(mon.timers).as("a sole monitor waits for nobody").containsExactly(new TimerId("tick"));
    }

    @Test
    void messagesThatArriveDuringAProposalWaitAndBecomeOneEpochTogether() {
        MonitorTrio trio = new MonitorTrio();
        trio.settle();
        trio.subscribe("a", SESSION, MonMessage.Topic.OSD_MAP, 2);
        trio.on("a", SESSION, MonitorFixture.boot(0, OSD, 1, 0));
        trio.on("a", 1, new MonMessage.Authenticate(1, "client.a"));
        for (int tid = 1; tid <= 3; tid++) {
            trio.on(
                    "a",
                    2,
                    new MonMessage.Command(tid, new MonCommand.CreatePool("p" + tid, 1, 1, 8, "replicated_rule")));
        }
        assertThat(trio.monitor("a").osdMap().epoch()).as("nothing is decided").isEqualTo(1);
        assertThat(trio.sentBy("a")).isEmpty();

        long version = trio.monitor("a").version();
        trio.deliverUntil(() -> trio.monitor("a").version() > version);
        assertThat(trio.monitor("a").osdMap().epoch()).isEqualTo(2);
        assertThat(trio.sentBy("a")).as("the rest is proposed, not decided").containsOnlyKeys(SESSION);

        trio.settle();
        assertThat(trio.monitor("a").version()).isEqualTo(version + 2);
        assertThat(trio.sentBy("a").get(1L)).hasSize(1);
        assertThat(trio.sentBy("a").get(2L))
                .hasSize(3)
                .allSatisfy(reply ->
                        assertThat(((MonMessage.CommandReply) reply).epoch()).isEqualTo(3));
        assertThat(trio.monitor("a").osdMap().pools()).hasSize(5);
        assertThat(trio.monitor("c").osdMap()).isEqualTo(trio.monitor("a").osdMap());
    }

    /** A node joins: each placement group asks by itself that the others act until it is filled, and then that they end. */
    @Test
    void whatManyPlacementGroupsAskForSharesEpochs() {
        mon.hosts(2);
        mon.command(new MonCommand.CreatePool("many", 1, 1, 128, "replicated_rule"));
        mon.on(SESSION, MonitorFixture.boot(0, OSD, 1, 0));
        mon.on(SESSION, MonitorFixture.boot(1, new UUID(3, 5), 1, 0));
        long pool =
                mon.monitor.osdMap().pools().stream().mapToLong(Pool::id).max().orElseThrow();
        mon.passWithoutTick(1000);
        mon.recovered();
        int before = mon.monitor.osdMap().epoch();
        for (boolean isFilled : new boolean[] {false, true}) {
            for (int seed = 0; seed < 128; seed++) {
                PgId pg = new PgId(pool, seed);
                int leader = mon.monitor.osdMap().primary(pg);
                List<Integer> wanted =
                        isFilled ? List.of() : List.of(1 - mon.monitor.osdMap().primary(pg));
                TreeMap<PgId, List<Integer>> asked = new TreeMap<>(Map.of(pg, wanted));
                mon.atOnce(SESSION, new MonMessage.OsdPgTemp(leader, asked, before));
                mon.passWithoutTick(3);
            }
        }
        mon.passWithoutTick(Monitor.GATHER_MILLIS);
        assertThat(mon.monitor.osdMap().state().pgTemp()).isEmpty();
        assertThat(mon.monitor.osdMap().epoch() - before)
                .as("epochs of 256 changes in 768 ms")
                .isBetween(10, 20);
    }

    @Test
    void whatIsGatheredGoesWithTheNextThatIsUrgentAndNeverWaitsLong() {
        mon.hosts(2);
        mon.on(SESSION, MonitorFixture.boot(0, OSD, 1, 0));
        int epoch = mon.monitor.osdMap().epoch();
        MonMessage.OsdAlive alive = new MonMessage.OsdAlive(0, new NodeAddress("127.0.0.1", 9441, 1), epoch);
        mon.atOnce(SESSION, alive);
        assertThat(mon.monitor.osdMap().epoch()).as("right after an epoch").isEqualTo(epoch);
        mon.atOnce(SESSION, MonitorFixture.boot(1, new UUID(3, 5), 1, 0));
        assertThat(mon.monitor.osdMap().epoch()).isEqualTo(epoch + 1);
        assertThat(mon.monitor.osdMap().isUp(1)).isTrue();
        assertThat(mon.monitor.osdMap().osd(0).upThru()).isEqualTo(epoch);

        mon.atOnce(SESSION, new MonMessage.OsdAlive(0, new NodeAddress("127.0.0.1", 9441, 1), epoch + 1));
        mon.passWithoutTick(Monitor.GATHER_MILLIS);
        assertThat(mon.monitor.osdMap().osd(0).upThru()).isEqualTo(epoch + 1);
    }

    @Test
    void answerThatRestsOnAChangeOfTheSameProposalWaitsForIt() {
        MonitorTrio trio = new MonitorTrio();
        trio.settle();
        MonCommand seven = new MonCommand.SetSetting("osd", "grace", Optional.of("7"));
        trio.on("a", 1, new MonMessage.Authenticate(1, "client.a"));
        trio.on("a", 2, new MonMessage.Command(1, seven));
        trio.on("a", 3, new MonMessage.Command(1, seven));
        trio.deliverUntil(() -> trio.monitor("a").version() == 2);
        assertThat(trio.sentBy("a")).containsOnlyKeys(1L);
        trio.settle();
        assertThat(trio.sentBy("a")).containsOnlyKeys(1L, 2L, 3L);
    }

    @Test
    void peonPassesOnWhatChangesSomethingAndAnswersTheRest() {
        MonitorTrio trio = new MonitorTrio();
        trio.settle();
        trio.on("c", 4, new MonMessage.Command(9, new MonCommand.SetSetting("osd", "grace", Optional.of("7"))));
        trio.settle();
        assertThat(trio.sentBy("a")).isEmpty();
        assertThat(trio.sentBy("c").get(4L))
                .singleElement()
                .isInstanceOfSatisfying(
                        MonMessage.CommandReply.class,
                        reply -> assertThat(reply.tid()).isEqualTo(9));
        trio.subscribe("c", 5, MonMessage.Topic.CONFIG, 0);
        assertThat(trio.sentBy("c").get(5L))
                .singleElement()
                .isInstanceOfSatisfying(
                        MonMessage.ConfigUpdate.class,
                        update -> assertThat(update.config().value("osd", "3", "grace"))
                                .contains("7"));
    }

    @Test
    void monitorWithoutAQuorumAnswersNothing() {
        MonitorTrio trio = new MonitorTrio();
        trio.subscribe("a", 5, MonMessage.Topic.CONFIG, 0);
        trio.on("a", 4, new MonMessage.Authenticate(9, "client.a"));
        assertThat(trio.sentBy("a")).isEmpty();
        trio.settle();
        assertThat(trio.sentBy("a")).containsOnlyKeys(4L, 5L);
    }

    @Test
    void transactionSurvivesTheWayThroughItsBytes() {
        MonTransaction transaction = new MonTransaction()
                .put(MonKey.of("a", "x"), Bytes.of(1, 2))
                .remove(MonKey.of("b", 7))
                .put(MonKey.of("a", "x"), Bytes.EMPTY);
        assertThat(MonTransaction.decode(transaction.encode()).changes()).isEqualTo(transaction.changes());
    }
}
