package io.roost.cluster.mon;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.paxos.MonKey;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.MonTransaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every store of a monitor must do. */
abstract class MonStoreContract {
    /** An empty store. */
    abstract MonStore create() throws Exception;

    /** The same store after its process has ended and begun again. */
    abstract MonStore reopened() throws Exception;

    @Test
    void keysOfDifferentPrefixesAreDifferent() throws Exception {
        MonStore store = create();
        MonTransaction transaction = new MonTransaction();
        transaction.put(MonKey.of("a", "bc"), Bytes.of(1)).put(MonKey.of("ab", "c"), Bytes.of(2));
        store.write(transaction);
        assertThat(store.get(MonKey.of("a", "bc"))).contains(Bytes.of(1));
        assertThat(store.get(MonKey.of("ab", "c"))).contains(Bytes.of(2));
        assertThat(store.get(MonKey.of("abc", ""))).isEmpty();
        assertThat(store.number(MonKey.of("a", "absent"))).isZero();
    }

    @Test
    void laterChangeOfAKeyWins() throws Exception {
        MonStore store = create();
        MonKey key = MonKey.of("a", 5);
        store.write(new MonTransaction().put(key, Bytes.of(1)).remove(key).put(key, Bytes.of(3)));
        assertThat(store.get(key)).contains(Bytes.of(3));
        store.write(new MonTransaction().put(key, Bytes.of(4)).remove(key));
        assertThat(store.get(key)).isEmpty();
        assertThat(reopened().get(key)).isEmpty();
    }

    @Test
    void rowsComeInPagesInTheOrderOfTheirKeys() throws Exception {
        MonStore store = create();
        MonTransaction transaction = new MonTransaction();
        for (int i = 29; i >= 0; i--) {
            transaction.put(MonKey.of("ab".substring(i % 2), "r", i), Bytes.utf8("value " + i));
        }
        store.write(transaction.put(MonKey.of("a", ""), Bytes.EMPTY));
        List<MonTransaction.Change> rows = new ArrayList<>();
        int pages = 0;
        MonTransaction page = store.rows(Optional.empty(), 50);
        while (!page.isEmpty()) {
            pages++;
            rows.addAll(page.changes());
            page = store.rows(Optional.of(rows.get(rows.size() - 1).key()), 50);
        }
        assertThat(pages).isBetween(5, 30);
        assertThat(rows).hasSize(31).isSortedAccordingTo(Comparator.comparing(MonTransaction.Change::key));
        assertThat(rows.get(0)).isEqualTo(new MonTransaction.Change(MonKey.of("a", ""), Optional.of(Bytes.EMPTY)));
        assertThat(rows).allSatisfy(row -> assertThat(store.get(row.key())).isEqualTo(row.value()));
    }

    @Test
    void monitorGoesOnWhereItEnded() throws Exception {
        MonitorFixture mon = new MonitorFixture(create());
        OsdMap before = null;
        for (int life = 1; life <= 5; life++) {
            mon.on(
                    1,
                    MonitorFixture.boot(
                            0, MonitorFixture.OSD, life, mon.monitor.osdMap().epoch()));
            mon.command(new MonCommand.SetSetting("osd", "life", Optional.of("" + life)));
            before = mon.monitor.osdMap();
            mon = new MonitorFixture(reopened());
            assertThat(mon.monitor.osdMap()).isEqualTo(before);
            assertThat(mon.monitor.config().value("osd", "0", "life")).contains("" + life);
        }
        assertThat(before.osd(0).upFrom()).isEqualTo(10);
        assertThat(MonitorFixture.follow(
                        null,
                        mon.on(2, MonitorFixture.subscribe(MonMessage.Topic.OSD_MAP, 1, MonMessage.Duration.ONCE))))
                .isEqualTo(before);
    }
}
