package io.roost.cluster.mon;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.MonStoreException;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.PowerLoss;
import io.roost.cluster.sim.SimDisk;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyValueMonStoreTest extends MonStoreContract {
    private final SimDisk disk = new SimDisk(1);
    private final MemoryKeyValue rows = new MemoryKeyValue(disk);

    @Override
    MonStore create() {
        return new KeyValueMonStore(rows);
    }

    @Override
    MonStore reopened() {
        disk.restart();
        return new KeyValueMonStore(rows);
    }

    /** What clients were told before the power went off. */
    private record Told(int epoch, Set<Long> globalIds) {}

    @Test
    void whatWasAnsweredIsThereAfterAPowerLossAtAnyStep() {
        int lossesSeen = 0;
        for (int step = 1; step <= 60; step++) {
            SimDisk failing = new SimDisk(step);
            lossesSeen += survives(step, failing, new MemoryKeyValue(failing)) ? 1 : 0;
        }
        assertThat(lossesSeen).isEqualTo(60);
    }

    @Test
    void storeThatDoesNotSyncIsFoundOut() {
        int found = 0;
        for (int step = 1; step <= 60; step++) {
            SimDisk failing = new SimDisk(step).plant(SimDisk.Bug.SKIP_ROW_SYNC);
            try {
                survives(step, failing, new MemoryKeyValue(failing));
            } catch (AssertionError | MonStoreException e) {
                found++;
            }
        }
        assertThat(found).isPositive();
    }

    /** Runs one life that a power loss ends, and checks the next; true when the power was lost. */
    private static boolean survives(int step, SimDisk disk, MemoryKeyValue rows) {
        MonitorFixture mon = new MonitorFixture(new KeyValueMonStore(rows));
        Set<Long> ids = new HashSet<>();
        Told told = new Told(1, ids);
        disk.losePowerAfter(step);
        boolean lost = false;
        try {
            for (int i = 0; i < 80; i++) {
                mon.on(1, new MonMessage.Authenticate(i, "client.x"));
                ids.add(((MonMessage.AuthenticateReply) mon.sent.get(mon.sent.size() - 1)).globalId());
                MonMessage.CommandReply reply =
                        mon.command(new MonCommand.SetOsdWeight(0, i % 2 == 0 ? 0x8000 : 0x10000));
                told = new Told((int) reply.epoch(), ids);
            }
        } catch (PowerLoss e) {
            lost = true;
        }
        disk.restart();
        MonitorFixture next = new MonitorFixture(new KeyValueMonStore(rows));
        OsdMap map = next.monitor.osdMap();
        assertThat(map.epoch()).as("told of epoch, step %d", step).isBetween(told.epoch(), told.epoch() + 1);
        OsdMap replayed = MonitorFixture.follow(
                null, next.on(2, MonitorFixture.subscribe(MonMessage.Topic.OSD_MAP, 1, MonMessage.Duration.ONCE)));
        assertThat(replayed).as("the log and the newest map agree").isEqualTo(map);
        next.on(1, new MonMessage.Authenticate(1, "client.x"));
        long fresh = ((MonMessage.AuthenticateReply) next.sent.get(next.sent.size() - 1)).globalId();
        assertThat(told.globalIds()).as("step %d", step).doesNotContain(fresh);
        return lost;
    }
}
