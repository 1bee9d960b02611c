package io.roost.deploy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.roost.cluster.daemon.ClientNode;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgStat;
import io.roost.cluster.map.PgState;
import io.roost.cluster.map.Pool;
import io.roost.cluster.message.HealthCheck;
import io.roost.cluster.message.MonMessage;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * How the whole cluster is, for {@code roost status}: what the monitors say of its health, the states of the placement
 * groups, and what is left to be recovered. Where no monitor answers that is said, and the node tells what it knows itself.
 */
final class ClusterStatus {
    /** For an answer of the monitors: a status is most wanted when there is none. */
    private static final long PATIENCE_MILLIS = 3_000;

    private static final HealthCheck NO_QUORUM = new HealthCheck(
            "MON_DOWN",
            HealthCheck.Severity.ERROR,
            "no quorum of monitors answers",
            List.of(),
            "start the nodes of the monitors: more than half of them are needed");

    private final ClientNode client;

    ClusterStatus(ClientNode client) {
        this.client = client;
    }

    /**
     * What is to be told.
     *
     * @param checks what is wrong in the cluster
     * @param pgs the states of placement groups, and how many are in each
     * @param recovery what is left to do; empty for nothing
     */
    record Told(List<HealthCheck> checks, ArrayNode pgs, ObjectNode recovery) {}

    Future<Told> told() {
        OsdMap map = client.osdMap();
        Future<List<HealthCheck>> health = map.osds().size() == 1
                // All of a cluster of one is in this process; what its monitor has heard is a moment older.
                ? Future.succeededFuture(List.of())
                : patiently(client.health()).otherwise(List.of(NO_QUORUM));
        Future<Map<PgId, PgStat>> stats = patiently(client.stats())
                .<Map<PgId, PgStat>>map(MonMessage.StatsReply::pgs)
                .otherwise(Map.of());
        return Future.all(health, stats)
                .map(all -> new Told(health.result(), states(map, stats.result()), recovery(map, stats.result())));
    }

    private static <T> Future<T> patiently(Future<T> answer) {
        return answer.timeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static ArrayNode states(OsdMap map, Map<PgId, PgStat> stats) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Pool pool : map.pools()) {
            for (int seed = 0; seed < pool.pgNum(); seed++) {
                PgStat stat = stats.get(new PgId(pool.id(), seed));
                counts.merge(stat == null ? "unknown" : PgState.text(stat.states()), 1, Integer::sum);
            }
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .forEach(state -> list.addObject().put("state", state.getKey()).put("pgs", state.getValue()));
        return list;
    }

    /** Copies are counted in entries; their bytes are those of the average entry of their placement group. */
    private static ObjectNode recovery(OsdMap map, Map<PgId, PgStat> stats) {
        long copies = 0;
        long degraded = 0;
        long misplaced = 0;
        long unfound = 0;
        double bytes = 0;
        for (Pool pool : map.pools()) {
            for (int seed = 0; seed < pool.pgNum(); seed++) {
                PgStat stat = stats.get(new PgId(pool.id(), seed));
                if (stat != null) {
                    long todo = stat.degraded() + stat.misplaced();
                    copies += stat.objects() * pool.size();
                    degraded += stat.degraded();
                    misplaced += stat.misplaced();
                    unfound += stat.unfound();
                    bytes += stat.objects() == 0 ? 0 : (double) todo * stat.bytes() / stat.objects();
                }
            }
        }
        ObjectNode recovery = JsonNodeFactory.instance.objectNode();
        if (degraded + misplaced + unfound > 0) {
            recovery.put("copies", copies)
                    .put("degraded", degraded)
                    .put("misplaced", misplaced)
                    .put("unfound", unfound)
                    .put("leftBytes", (long) bytes);
        }
        return recovery;
    }
}
