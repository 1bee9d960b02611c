package io.roost.deploy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.roost.cluster.crush.CrushBucket;
import io.roost.cluster.crush.CrushItem;
import io.roost.cluster.crush.CrushMap;
import io.roost.cluster.daemon.AdminException;
import io.roost.cluster.daemon.AdminRoute;
import io.roost.cluster.daemon.AdminRoute.Answer;
import io.roost.cluster.daemon.ClusterNode;
import io.roost.cluster.daemon.MonDaemon;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdStat;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgStat;
import io.roost.cluster.map.PgState;
import io.roost.cluster.map.Pool;
import io.roost.cluster.message.HealthCheck;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectException;
import io.roost.cluster.object.ScrubKind;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The routes of the admin API that tell of the whole cluster; {@link AdminClient} has their table. */
final class ClusterRoutes {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Supplier<ClusterNode> node;

    ClusterRoutes(Supplier<ClusterNode> node) {
        this.node = node;
    }

    List<AdminRoute> all() {
        MonitorCommands monitors = new MonitorCommands(() -> node.get().client());
        List<AdminRoute> routes = new ArrayList<>(List.of(
                new AdminRoute(HttpMethod.GET, "/cluster/health", request -> health().map(Answer::ok)),
                new AdminRoute(HttpMethod.GET, "/osds", request -> Future.succeededFuture(Answer.ok(osds()))),
                new AdminRoute(HttpMethod.GET, "/osds/usage", request -> usage().map(Answer::ok)),
                new AdminRoute(HttpMethod.GET, "/pools", request -> pools().map(Answer::ok)),
                new AdminRoute(
                        HttpMethod.GET,
                        "/pools/{name}/locators/{key}",
                        request -> locator(
                                request.parameters().get("name"),
                                request.parameters().get("key"))),
                new AdminRoute(HttpMethod.GET, "/pgs", request -> pgs().map(Answer::ok)),
                ChangeRoutes.post("/pgs/{pg}/scrub", request -> scrub(request, ScrubKind.SCRUB)),
                ChangeRoutes.post("/pgs/{pg}/deep-scrub", request -> scrub(request, ScrubKind.DEEP_SCRUB)),
                ChangeRoutes.post("/pgs/{pg}/repair", request -> scrub(request, ScrubKind.REPAIR)),
                new AdminRoute(
                        HttpMethod.GET,
                        "/pgs/{id}",
                        request -> query(request.parameters().get("id"))),
                new AdminRoute(HttpMethod.POST, "/tokens", request -> createToken())));
        routes.addAll(new ChangeRoutes(monitors).all());
        routes.addAll(new CrushRoutes(monitors).all());
        routes.addAll(new HostRoutes(monitors).all());
        routes.addAll(new ConfigRoutes(monitors).all());
        return routes;
    }

    private Future<ObjectNode> health() {
        return node.get().client().health().map(checks -> {
            ObjectNode answer = JSON.objectNode();
            answer.put("health", level(checks));
            ArrayNode list = answer.putArray("checks");
            for (HealthCheck check : checks) {
                ObjectNode item = list.addObject()
                        .put("code", check.code())
                        .put("severity", check.severity().name().toLowerCase(Locale.ROOT))
                        .put("summary", check.summary())
                        .put("remedy", check.remedy());
                ArrayNode details = item.putArray("details");
                check.details().forEach(details::add);
            }
            return answer;
        });
    }

    static String level(List<HealthCheck> checks) {
        if (checks.stream().anyMatch(check -> check.severity() == HealthCheck.Severity.ERROR)) {
            return "HEALTH_ERR";
        }
        return checks.isEmpty() ? "HEALTH_OK" : "HEALTH_WARN";
    }

    /** Monitors, who leads and who is in the quorum, as far as a monitor of this node knows. */
    void addMonitors(ObjectNode status) {
        MonMap map = node.get().client().monMap();
        Optional<MonDaemon.Standing> standing = node.get().monitor().map(MonDaemon::current);
        standing.flatMap(MonDaemon.Standing::leader).ifPresent(leader -> status.put("leader", leader));
        ArrayNode list = status.putArray("monitors");
        for (MonMap.Monitor monitor : map.monitors()) {
            ObjectNode item = list.addObject()
                    .put("name", monitor.name())
                    .put(
                            "address",
                            monitor.address().host() + ":" + monitor.address().port())
                    .put("votes", monitor.role() == MonMap.Role.VOTER);
            standing.ifPresent(known -> item.put("inQuorum", known.quorum().contains(monitor.name())));
        }
    }

    private ObjectNode osds() {
        OsdMap map = node.get().client().osdMap();
        CrushMap crush = map.state().crush();
        ObjectNode answer = JSON.objectNode().put("mapEpoch", map.epoch());
        answer.set("flags", flags(map));
        ArrayNode tree = answer.putArray("tree");
        for (CrushBucket root : crush.buckets()) {
            boolean isRoot = crush.buckets().stream()
                    .flatMap(bucket -> bucket.items().stream())
                    .noneMatch(item -> item.id() == root.id());
            if (isRoot) {
                add(tree, map, new CrushItem(root.id(), root.weight()), 0);
            }
        }
        return answer;
    }

    /** The switches of the whole cluster that are on. */
    static ArrayNode flags(OsdMap map) {
        ArrayNode flags = JSON.arrayNode();
        map.state().flags().forEach(flag -> flags.add(flag.text()));
        return flags;
    }

    private static void add(ArrayNode tree, OsdMap map, CrushItem item, int depth) {
        CrushMap crush = map.state().crush();
        double weight = item.weight() / (double) CrushItem.ONE;
        ObjectNode line = tree.addObject().put("id", item.id()).put("depth", depth);
        if (item.id() >= 0) {
            OsdInfo osd = map.osd(item.id());
            line.put("type", "osd").put("name", "osd." + item.id()).put("weight", weight);
            line.put("status", osd == null ? "gone" : osd.isUp() ? "up" : "down");
            line.put("reweight", osd == null ? 0 : osd.weight() / (double) CrushItem.ONE);
            return;
        }
        for (CrushBucket bucket : crush.buckets()) {
            if (bucket.id() == item.id()) {
                line.put("type", crush.types().get(bucket.type())).put("name", bucket.name());
                line.put("weight", weight).put("status", "").put("reweight", "");
                bucket.items().forEach(below -> add(tree, map, below, depth + 1));
            }
        }
    }

    private Future<ObjectNode> usage() {
        return node.get().client().stats().map(stats -> {
            OsdMap map = node.get().client().osdMap();
            Map<Integer, Integer> pgs = new HashMap<>();
            for (Pool pool : map.pools()) {
                for (int seed = 0; seed < pool.pgNum(); seed++) {
                    map.acting(new PgId(pool.id(), seed)).forEach(osd -> pgs.merge(osd, 1, Integer::sum));
                }
            }
            Map<Integer, Integer> weights = new HashMap<>();
            map.state()
                    .crush()
                    .buckets()
                    .forEach(bucket -> bucket.items().forEach(item -> weights.put(item.id(), item.weight())));
            ObjectNode answer = JSON.objectNode().put("mapEpoch", map.epoch());
            ArrayNode list = answer.putArray("osds");
            for (OsdInfo osd : map.osds()) {
                ObjectNode item = list.addObject()
                        .put("id", osd.id())
                        .put("status", osd.isUp() ? "up" : "down")
                        .put("weight", weights.getOrDefault(osd.id(), 0) / (double) CrushItem.ONE)
                        .put("reweight", osd.weight() / (double) CrushItem.ONE)
                        .put("pgs", pgs.getOrDefault(osd.id(), 0));
                OsdStat stat = stats.osds().get(osd.id());
                if (stat != null) {
                    item.put("usedBytes", stat.usedBytes())
                            .put("capacityBytes", stat.capacityBytes())
                            .put("usedPercent", stat.usedPermille() / 10.0)
                            .put("commitMicros", stat.commitMicros());
                }
            }
            return answer;
        });
    }

    private Future<ObjectNode> pools() {
        return node.get().client().stats().map(stats -> {
            OsdMap map = node.get().client().osdMap();
            ObjectNode answer = JSON.objectNode().put("mapEpoch", map.epoch());
            ArrayNode list = answer.putArray("pools");
            for (Pool pool : map.pools()) {
                long objects = 0;
                long bytes = 0;
                for (PgStat stat : stats.pgs()
                        .subMap(new PgId(pool.id(), 0), new PgId(pool.id() + 1, 0))
                        .values()) {
                    objects += stat.objects();
                    bytes += stat.bytes();
                }
                list.addObject()
                        .put("id", pool.id())
                        .put("name", pool.name())
                        .put("size", pool.size())
                        .put("minSize", pool.minSize())
                        .put("minSizeRises", pool.flags().contains(Pool.Flag.MIN_SIZE_RISES))
                        .put("pgs", pool.pgNum())
                        .put(
                                "rule",
                                map.state()
                                        .crush()
                                        .rule(pool.crushRule())
                                        .orElseThrow()
                                        .name())
                        .put("objects", objects)
                        .put("sizeBytes", bytes);
            }
            return answer;
        });
    }

    private Future<Answer> locator(String poolName, String key) {
        OsdMap map = node.get().client().osdMap();
        Pool pool = map.pool(poolName);
        if (pool == null) {
            return Future.failedFuture(new AdminException(404, "NoSuchPool", "there is no pool " + poolName));
        }
        Bytes name = Bytes.utf8(key);
        if (name.isEmpty() || name.length() > Locator.MAX_KEY_BYTES) {
            return Future.failedFuture(new AdminException(
                    400, "InvalidLocator", "a locator's key has 1 to " + Locator.MAX_KEY_BYTES + " bytes"));
        }
        PgId pg = map.pgOf(new Locator(pool.id(), name));
        return Future.succeededFuture(Answer.ok(JSON.objectNode()
                .put("locator", key)
                .put("pg", pg.toString())
                .put("up", map.up(pg).toString())
                .put("acting", map.acting(pg).toString())
                .put("mapEpoch", map.epoch())));
    }

    private Future<ObjectNode> pgs() {
        return node.get().client().stats().map(stats -> {
            OsdMap map = node.get().client().osdMap();
            ObjectNode answer = JSON.objectNode().put("mapEpoch", map.epoch());
            ArrayNode list = answer.putArray("pgs");
            for (Pool pool : map.pools()) {
                for (int seed = 0; seed < pool.pgNum(); seed++) {
                    add(list, map, new PgId(pool.id(), seed), stats);
                }
            }
            return answer;
        });
    }

    private Future<Answer> query(String name) {
        OsdMap map = node.get().client().osdMap();
        PgId pg = pg(name, map);
        if (map.primary(pg) < 0) {
            return Future.failedFuture(new AdminException(
                    503, "NoPrimary", "nobody leads " + pg + ": no OSD is up that placement gives it, " + map.up(pg)));
        }
        return node.get()
                .rados()
                .query(pg)
                .map(query ->
                        Answer.ok(PgQueries.json(pg, query, node.get().client().osdMap())))
                .recover(failure -> Future.failedFuture(
                        failure instanceof ObjectException refused && refused.error() == ObjectError.TIMED_OUT
                                ? new AdminException(
                                        503,
                                        "NoAnswer",
                                        "osd." + map.primary(pg) + ", which leads " + pg + ", says nothing")
                                : failure));
    }

    private static void add(ArrayNode list, OsdMap map, PgId pg, MonMessage.StatsReply stats) {
        ObjectNode item = list.addObject().put("pg", pg.toString());
        PgStat stat = stats.pgs().get(pg);
        item.put("state", PgState.text(stat == null ? Set.of() : stat.states()));
        item.put("up", map.up(pg).toString()).put("acting", map.acting(pg).toString());
        if (stat != null) {
            item.put("objects", stat.objects())
                    .put("sizeBytes", stat.bytes())
                    .put("degraded", stat.degraded())
                    .put("misplaced", stat.misplaced())
                    .put("unfound", stat.unfound());
            PgQueries.putScrubs(item, stat.scrubs());
        }
    }

    private Future<Answer> scrub(AdminRoute.Request request, ScrubKind kind) {
        OsdMap map = node.get().client().osdMap();
        PgId pg = pg(request.parameters().get("pg"), map);
        int primary = map.primary(pg);
        if (primary < 0) {
            throw new AdminException(409, "NotServed", pg + " has no OSD that serves it");
        }
        return node.get().rados().scrub(pg, kind).map(start -> switch (start) {
            case BEGINS, UNDER_WAY ->
                Answer.ok(JSON.objectNode()
                        .put("pg", pg.toString())
                        .put("osd", primary)
                        .put("kind", kind.text())
                        .put("start", start.name().toLowerCase(Locale.ROOT).replace('_', '-')));
            case NOT_CLEAN ->
                throw new AdminException(
                        409, "NotClean", pg + " is not clean: copies are compared when all of them have everything");
        });
    }

    private static PgId pg(String text, OsdMap map) {
        PgId pg;
        try {
            pg = PgId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new AdminException(400, "InvalidPg", "'" + text + "' is no placement group: 1.a, say");
        }
        Pool pool = map.pool(pg.pool());
        if (pool == null || pg.seed() >= pool.pgNum()) {
            throw new AdminException(404, "NoSuchPg", "there is no placement group " + pg + "; roost pg ls lists them");
        }
        return pg;
    }

    private Future<Answer> createToken() {
        return node.get()
                .createToken()
                .map(token -> Answer.created(JSON.objectNode()
                        .put("token", token.text())
                        .put("expiresAt", token.expires().toString())))
                .recover(failure -> Future.failedFuture(
                        failure instanceof IllegalStateException
                                ? new AdminException(
                                        409,
                                        "NoAuthority",
                                        "this node has no monitor that issues certificates; ask another")
                                : failure));
    }
}
