package io.roost.cluster.wire;

import io.roost.cluster.map.OsdStat;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgStat;
import io.roost.cluster.map.PgState;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.message.HealthCheck;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What OSDs say of themselves and of placement groups, and what monitors make of it, as bytes.
 *
 * <pre>
 * osd stat   struct: capacity, used, commit: varints
 * pg stats   count, each: pg, pg stat
 * pg stat    struct: epoch u32, states u64 (a bit each), objects, bytes, degraded, misplaced, unfound: varints,
 *            last epoch clean u32; since version 2: scrubs
 * health     struct: code, error u8, summary, details: count and texts, remedy
 * </pre>
 */
final class StatCodec {
    private static final int FORMAT = 1;
    private static final int WITH_SCRUBS = 2;

    private StatCodec() {}

    static void write(ByteWriter out, OsdStat stat) {
        int mark = out.begin(FORMAT, FORMAT);
        out.varint(stat.capacityBytes()).varint(stat.usedBytes()).varint(stat.commitMicros());
        out.end(mark);
    }

    static OsdStat osdStat(ByteReader in) {
        ByteReader.Struct struct = in.begin(FORMAT);
        OsdStat stat = new OsdStat(in.varint(), in.varint(), in.varint());
        in.end(struct);
        return stat;
    }

    static void write(ByteWriter out, SortedMap<PgId, PgStat> stats) {
        out.varint(stats.size());
        stats.forEach((pg, stat) -> write(OsdMapCodec.pg(out, pg), stat));
    }

    static SortedMap<PgId, PgStat> pgStats(ByteReader in) {
        SortedMap<PgId, PgStat> stats = new TreeMap<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            stats.put(OsdMapCodec.pg(in), pgStat(in));
        }
        return stats;
    }

    private static void write(ByteWriter out, PgStat stat) {
        int mark = out.begin(WITH_SCRUBS, FORMAT);
        out.u32(stat.epoch())
                .u64(PgState.bits(stat.states()))
                .varint(stat.objects())
                .varint(stat.bytes())
                .varint(stat.degraded())
                .varint(stat.misplaced())
                .varint(stat.unfound())
                .u32(stat.lastEpochClean());
        stat.scrubs().write(out);
        out.end(mark);
    }

    private static PgStat pgStat(ByteReader in) {
        ByteReader.Struct struct = in.begin(WITH_SCRUBS);
        PgStat stat = new PgStat(
                in.u32(),
                PgState.ofBits(in.u64()),
                in.varint(),
                in.varint(),
                in.varint(),
                in.varint(),
                in.varint(),
                in.u32(),
                struct.version() < WITH_SCRUBS ? ScrubHistory.NONE : ScrubHistory.read(in));
        in.end(struct);
        return stat;
    }

    static void write(ByteWriter out, HealthCheck check) {
        int mark = out.begin(FORMAT, FORMAT);
        out.text(check.code())
                .flag(check.severity() == HealthCheck.Severity.ERROR)
                .text(check.summary())
                .varint(check.details().size());
        check.details().forEach(out::text);
        out.text(check.remedy());
        out.end(mark);
    }

    static HealthCheck healthCheck(ByteReader in) {
        ByteReader.Struct struct = in.begin(FORMAT);
        String code = in.text();
        HealthCheck.Severity severity = in.flag() ? HealthCheck.Severity.ERROR : HealthCheck.Severity.WARNING;
        String summary = in.text();
        List<String> details = new ArrayList<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            details.add(in.text());
        }
        HealthCheck check = new HealthCheck(code, severity, summary, details, in.text());
        in.end(struct);
        return check;
    }
}
