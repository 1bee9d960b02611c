package io.roost.cluster.mon;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.OsdStat;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgStat;
import io.roost.cluster.map.PgState;
import io.roost.cluster.map.Pool;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.message.HealthCheck;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.paxos.Quorum;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a leader knows of placement groups that has just been elected, and what it says of what it does not know. */
class LeaderChangeTest {
    private static final long ELECTED_MILLIS = 20_000;
    private static final int PG_NUM = 8;
    private static final long OSD_SESSION = 7;
    private static final long CLIENT_SESSION = 8;
    private static final long OTHER_SESSION = 9;
    private static final MonCommand NOUP = new MonCommand.SetFlag(OsdMapFlag.NOUP, MonCommand.Switch.ON);
    private static final MonCommand NOOUT = new MonCommand.SetFlag(OsdMapFlag.NOOUT, MonCommand.Switch.ON);

    private final MonitorTrio trio = new MonitorTrio();

    LeaderChangeTest() {
        trio.settle();
        trio.on("a", 1, MonitorFixture.boot(0, MonitorFixture.OSD, 1, 0));
        trio.on("a", 2, new MonMessage.Command(1, new MonCommand.CreatePool("p", 1, 0, PG_NUM, "replicated_rule")));
        trio.settle();
        assertThat(trio.monitor("b").osdMap().isUp(0)).isTrue();
    }

    private MonMessage.OsdPgStats report() {
        OsdMap map = trio.monitor("b").osdMap();
        TreeMap<PgId, PgStat> stats = new TreeMap<>();
        Set<PgState> states = Set.of(PgState.ACTIVE, PgState.CLEAN);
        for (Pool pool : map.pools()) {
            for (int seed = 0; seed < pool.pgNum(); seed++) {
                stats.put(
                        new PgId(pool.id(), seed),
                        new PgStat(map.epoch(), states, 1, 1, 0, 0, 0, map.epoch(), ScrubHistory.NONE));
            }
        }
        return new MonMessage.OsdPgStats(0, map.epoch(), new OsdStat(100, 1, 1), stats);
    }

    private List<HealthCheck.Severity> unavailable(String leader) {
        return trio.health(leader).stream()
                .filter(check -> check.code().equals("PG_AVAILABILITY"))
                .map(HealthCheck::severity)
                .toList();
    }

    private boolean leads(String name) {
        return trio.monitor(name).quorum().role() == Quorum.Role.LEADER
                && trio.monitor(name).quorum().members().size() == 2;
    }

    @Test
    void aNewLeaderKnowsWhatOsdsHaveToldItBefore() {
        trio.on("b", OSD_SESSION, report());
        trio.settle();
        assertThat(unavailable("a")).isEmpty();
        trio.stop("a");
        trio.pass(ELECTED_MILLIS, () -> leads("b"));
        assertThat(unavailable("b")).isEmpty();
    }

    @Test
    void aNewLeaderIsToldByItsPeonsWhatOsdsHaveToldThem() {
        trio.on("c", OSD_SESSION, report());
        trio.settle();
        trio.stop("a");
        trio.pass(ELECTED_MILLIS, () -> leads("b"));
        trio.settle();
        assertThat(unavailable("b")).isEmpty();
    }

    @Test
    void whatANewLeaderHasNotHeardOfYetIsNoErrorForSomeSeconds() {
        trio.on("a", OSD_SESSION, report());
        trio.settle();
        trio.stop("a");
        trio.pass(ELECTED_MILLIS, () -> leads("b"));
        assertThat(unavailable("b")).containsExactly(HealthCheck.Severity.WARNING);
        trio.on("c", OSD_SESSION, report());
        trio.settle();
        assertThat(unavailable("b")).as("the OSD has found another monitor").isEmpty();
    }

    @Test
    void whatWasSaidInASessionThatHasEndedIsNotCarriedOut() {
        trio.stop("a");
        trio.stop("b");
        trio.pass(ELECTED_MILLIS, () -> trio.monitor("c").quorum().leader() == null);
        trio.on("c", CLIENT_SESSION, new MonMessage.Command(1, NOUP));
        trio.on("c", OTHER_SESSION, new MonMessage.Command(1, NOOUT));
        trio.monitor("c").onSessionClosed(CLIENT_SESSION);
        trio.goOn("a");
        trio.pass(ELECTED_MILLIS, () -> {
            trio.on("c", OTHER_SESSION, new MonMessage.Command(1, NOOUT));
            return trio.monitor("c").osdMap().isSet(OsdMapFlag.NOOUT);
        });
        assertThat(trio.monitor("c").osdMap().isSet(OsdMapFlag.NOOUT)).isTrue();
        assertThat(trio.monitor("c").osdMap().isSet(OsdMapFlag.NOUP)).isFalse();
    }

    /** The monitor that has passed it on cannot tell the leader that the session has ended: they do not hear each other. */
    @Test
    void whatWasPassedOnInATermThatHasEndedIsNotCarriedOut() {
        trio.stop("b");
        trio.on("a", OTHER_SESSION, new MonMessage.Command(1, NOOUT));
        trio.on("c", CLIENT_SESSION, new MonMessage.Command(1, NOUP));
        trio.pass(20, () -> false);
        trio.stop("a");
        trio.monitor("c").onSessionClosed(CLIENT_SESSION);
        trio.goOn("b");
        trio.pass(ELECTED_MILLIS, () -> leads("b"));
        trio.goOn("a");
        trio.pass(ELECTED_MILLIS, () -> trio.monitor("c").quorum().members().size() == 3);
        trio.settle();
        assertThat(trio.monitor("c").quorum().leader()).isEqualTo("a");
        assertThat(trio.monitor("c").osdMap().isSet(OsdMapFlag.NOUP)).isFalse();
    }

    /** Its sender has said it again, and to whom it went then it may have said something else since. */
    @Test
    void whatWasSaidLongBeforeATermIsNotCarriedOutInIt() {
        trio.stop("b");
        trio.stop("c");
        trio.on("a", OTHER_SESSION, new MonMessage.Command(1, NOOUT));
        trio.on("a", CLIENT_SESSION, new MonMessage.Command(1, NOUP));
        trio.pass(ELECTED_MILLIS, () -> trio.monitor("a").quorum().leader() == null);
        trio.pass(2_000, () -> false);
        trio.goOn("b");
        trio.goOn("c");
        trio.pass(ELECTED_MILLIS, () -> trio.monitor("a").quorum().members().size() == 3);
        trio.settle();
        assertThat(trio.monitor("a").osdMap().isSet(OsdMapFlag.NOUP)).isFalse();
    }

    @Test
    void whatNobodyReportsIsAnErrorInTheEnd() {
        trio.on("c", OSD_SESSION, report());
        trio.settle();
        trio.monitor("c").onSessionClosed(OSD_SESSION);
        trio.stop("a");
        trio.pass(ELECTED_MILLIS, () -> leads("b"));
        trio.pass(14_000, () -> false);
        assertThat(unavailable("b")).containsExactly(HealthCheck.Severity.WARNING);
        trio.pass(2_000, () -> false);
        assertThat(unavailable("b")).containsExactly(HealthCheck.Severity.ERROR);
    }
}
