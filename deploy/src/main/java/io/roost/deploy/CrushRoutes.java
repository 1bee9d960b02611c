package io.roost.deploy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.roost.cluster.crush.CrushEdit;
import io.roost.cluster.crush.CrushItem;
import io.roost.cluster.crush.CrushMap;
import io.roost.cluster.crush.CrushText;
import io.roost.cluster.crush.CrushTextException;
import io.roost.cluster.daemon.AdminRoute;
import io.roost.cluster.daemon.AdminRoute.Answer;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgStat;
import io.roost.cluster.map.PlacementDiff;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.util.List;

/** The routes of the admin API about the placement hierarchy; {@link AdminClient} has their table. */
final class CrushRoutes {
    /** TiB of the largest weight: 16 bits before the point. */
    private static final double MAX_WEIGHT = 10_000;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final MonitorCommands monitors;

    CrushRoutes(MonitorCommands monitors) {
        this.monitors = monitors;
    }

    List<AdminRoute> all() {
        return List.of(
                new AdminRoute(HttpMethod.GET, "/crush", request -> Future.succeededFuture(Answer.ok(export()))),
                ChangeRoutes.post(
                        "/crush/changes",
                        request -> monitors.run(change(request).command())),
                ChangeRoutes.post("/crush/diff", this::diff));
    }

    private OsdMap map() {
        return monitors.client().osdMap();
    }

    private ObjectNode export() {
        OsdMap map = map();
        return JSON.objectNode()
                .put("mapEpoch", map.epoch())
                .put("text", CrushText.write(map.state().crush()));
    }

    /** A wish for another hierarchy. */
    private sealed interface Change {
        MonCommand command();

        CrushMap applied(CrushMap map);

        record Edit(CrushEdit edit) implements Change {
            @Override
            public MonCommand command() {
                return new MonCommand.EditCrush(edit);
            }

            @Override
            public CrushMap applied(CrushMap map) {
                return edit.applied(map);
            }
        }

        record Replace(CrushMap crush) implements Change {
            @Override
            public MonCommand command() {
                return new MonCommand.SetCrush(crush);
            }

            @Override
            public CrushMap applied(CrushMap map) {
                return crush;
            }
        }
    }

    private Change change(AdminRoute.Request request) {
        String change = MonitorCommands.text(request, "change");
        if (!change.equals("import")) {
            return new Change.Edit(edit(change, request));
        }
        try {
            return new Change.Replace(CrushText.read(MonitorCommands.text(request, "text")));
        } catch (CrushTextException | IllegalArgumentException unreadable) {
            throw MonitorCommands.invalid("the map: " + unreadable.getMessage());
        }
    }

    private CrushEdit edit(String change, AdminRoute.Request request) {
        return switch (change) {
            case "add-bucket" ->
                new CrushEdit.AddBucket(
                        MonitorCommands.text(request, "name"),
                        MonitorCommands.text(request, "type"),
                        request.body().path("parent").asText(""));
            case "rm-bucket" -> new CrushEdit.RemoveBucket(MonitorCommands.text(request, "name"));
            case "move" ->
                new CrushEdit.Move(MonitorCommands.text(request, "name"), MonitorCommands.text(request, "parent"));
            case "weight" -> new CrushEdit.SetWeight(osd(request), weight(request));
            case "class" -> new CrushEdit.SetClass(osd(request), MonitorCommands.text(request, "class"));
            case "add-rule" ->
                new CrushEdit.AddRule(
                        MonitorCommands.text(request, "name"),
                        MonitorCommands.text(request, "root"),
                        MonitorCommands.text(request, "domain"),
                        request.body().path("class").asText(""));
            case "rm-rule" -> new CrushEdit.RemoveRule(MonitorCommands.text(request, "name"));
            default -> throw MonitorCommands.invalid("there is no change " + change);
        };
    }

    private static int osd(AdminRoute.Request request) {
        return (int) MonitorCommands.number(request, "osd");
    }

    private static int weight(AdminRoute.Request request) {
        double weight = MonitorCommands.number(request, "weight");
        if (weight < 0 || weight > MAX_WEIGHT) {
            throw MonitorCommands.invalid("a weight is 0 to " + (int) MAX_WEIGHT + " TiB, not " + weight);
        }
        return (int) Math.round(weight * CrushItem.ONE);
    }

    private Future<Answer> diff(AdminRoute.Request request) {
        OsdMap map = map();
        CrushMap changed;
        try {
            changed = change(request).applied(map.state().crush());
        } catch (IllegalArgumentException refused) {
            throw MonitorCommands.invalid(refused.getMessage());
        }
        Context loop = Vertx.currentContext();
        return monitors.client()
                .stats()
                .compose(stats -> loop.executeBlocking(() -> PlacementDiff.of(map, changed))
                        .map(diff -> Answer.ok(json(map, diff, stats))))
                .recover(failure -> Future.failedFuture(
                        failure instanceof IllegalArgumentException
                                ? MonitorCommands.invalid(failure.getMessage())
                                : failure));
    }

    private static ObjectNode json(OsdMap map, PlacementDiff diff, MonMessage.StatsReply stats) {
        int pgs = map.pools().stream().mapToInt(pool -> pool.pgNum()).sum();
        ObjectNode answer = JSON.objectNode().put("mapEpoch", map.epoch()).put("pgs", pgs);
        long replicas = 0;
        long bytes = 0;
        ArrayNode moves = JSON.arrayNode();
        for (var entry : diff.moves().entrySet()) {
            PlacementDiff.Move move = entry.getValue();
            PgStat stat = stats.pgs().get(entry.getKey());
            replicas += move.newReplicas();
            bytes += stat == null ? 0 : stat.bytes() * move.newReplicas();
            moves.addObject()
                    .put("pg", entry.getKey().toString())
                    .put("before", move.before().toString())
                    .put("after", move.after().toString());
        }
        answer.put("changedPgs", diff.moves().size())
                .put("newReplicas", replicas)
                .put("newReplicaBytes", bytes);
        ArrayNode osds = answer.putArray("osds");
        diff.shares()
                .forEach((osd, share) -> osds.addObject()
                        .put("id", osd)
                        .put("pgsBefore", share.before())
                        .put("pgsAfter", share.after())
                        .put("change", share.after() - share.before()));
        answer.set("moves", moves);
        return answer;
    }
}
