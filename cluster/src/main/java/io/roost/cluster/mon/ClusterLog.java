package io.roost.cluster.mon;

import io.roost.cluster.message.LogLine;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.paxos.MonKey;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.MonTransaction;
import io.roost.cluster.wire.LogLineCodec;
import java.util.ArrayList;
import java.util.List;

/** The cluster's log: what the monitors have decided, and why, for a person. The newest lines are kept. */
final class ClusterLog implements MonService {
    /** Lines kept: some days of a quiet cluster, and all of a bad night. */
    static final int KEPT_LINES = 1000;

    private static final String PREFIX = "log";
    private static final MonKey LAST = MonKey.of(PREFIX, "last");

    private final MonStore store;
    private final List<Line> pending = new ArrayList<>();

    private record Line(LogLine.Severity severity, String text) {}

    ClusterLog(MonStore store) {
        this.store = store;
    }

    /** Something has happened as it should. */
    void info(String text) {
        pending.add(new Line(LogLine.Severity.INFO, text));
    }

    /** Something has happened that an administrator should know. */
    void warn(String text) {
        pending.add(new Line(LogLine.Severity.WARN, text));
    }

    /** The newest lines, oldest of them first. */
    List<LogLine> newest(int count) {
        long last = store.number(LAST);
        List<LogLine> lines = new ArrayList<>();
        for (long number = Math.max(1, last - count + 1); number <= last; number++) {
            store.get(MonKey.of(PREFIX, number)).ifPresent(row -> lines.add(LogLineCodec.decode(row)));
        }
        return lines;
    }

    @Override
    public Prepared prepare(MonMessage.ToMonitor message, Clocks now) {
        if (message instanceof MonMessage.GetLog get) {
            return Prepared.answered(new MonMessage.LogReply(get.tid(), newest(get.lines())));
        }
        return Prepared.notMine();
    }

    @Override
    public void encodePending(MonTransaction transaction, long wallMillis) {
        if (pending.isEmpty()) {
            return;
        }
        long last = store.number(LAST);
        for (Line line : pending) {
            last++;
            LogLine numbered = new LogLine(last, wallMillis, line.severity(), line.text());
            transaction
                    .put(MonKey.of(PREFIX, last), LogLineCodec.encode(numbered))
                    .remove(MonKey.of(PREFIX, last - KEPT_LINES));
        }
        transaction.put(LAST, last);
        pending.clear();
    }

    @Override
    public void refresh() {
        // Lines are read when somebody asks.
    }
}
