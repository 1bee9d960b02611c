package io.roost.deploy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.roost.cluster.crush.CrushBucket;
import io.roost.cluster.crush.CrushEdit;
import io.roost.cluster.crush.CrushItem;
import io.roost.cluster.daemon.AdminException;
import io.roost.cluster.daemon.AdminRoute;
import io.roost.cluster.daemon.AdminRoute.Answer;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.message.MonCommand;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The routes of the admin API for whole machines; {@link AdminClient} has their table. */
final class HostRoutes {
    private final MonitorCommands monitors;

    HostRoutes(MonitorCommands monitors) {
        this.monitors = monitors;
    }

    List<AdminRoute> all() {
        return List.of(ChangeRoutes.post("/hosts/{name}/remove", this::remove));
    }

    /** Each step may be made again, so a removal that was cut off is begun anew. */
    private Future<Answer> remove(AdminRoute.Request request) {
        String name = request.parameters().get("name");
        EntityName node = EntityName.node(name);
        Optional<CrushBucket> bucket =
                monitors.client().osdMap().state().crush().bucket(name).filter(host -> !isRoot(host));
        bucket.ifPresent(host -> requireEmpty(name, host));
        boolean hasMonitor = monitors.client().monMap().rank(name) >= 0;
        boolean isMember = monitors.client()
                .config()
                .map(ClusterConfig::sections)
                .map(sections -> sections.containsKey(node.toString()))
                .orElse(false);
        if (bucket.isEmpty() && !hasMonitor && !isMember) {
            throw new AdminException(404, "NoSuchHost", "there is no host " + name);
        }
        List<MonCommand> steps = new ArrayList<>();
        if (hasMonitor) {
            steps.add(new MonCommand.RemoveMonitor(name));
        }
        steps.add(new MonCommand.SetSetting(node.toString(), "key", Optional.empty()));
        bucket.ifPresent(host -> steps.add(new MonCommand.EditCrush(new CrushEdit.RemoveBucket(name))));
        Future<Void> done = Future.succeededFuture();
        for (MonCommand step : steps) {
            done = done.compose(before -> monitors.carryOut(step)).mapEmpty();
        }
        return done.map(all -> Answer.ok(JsonNodeFactory.instance.objectNode().put("result", name + " is removed")));
    }

    private boolean isRoot(CrushBucket bucket) {
        return monitors.client().osdMap().state().crush().buckets().stream()
                .flatMap(other -> other.items().stream())
                .noneMatch(item -> item.id() == bucket.id());
    }

    private static void requireEmpty(String name, CrushBucket host) {
        Optional<CrushItem> first = host.items().stream().findFirst();
        first.ifPresent(item -> {
            throw new AdminException(
                    409,
                    "HasOsds",
                    name + " has " + (item.id() >= 0 ? "osd." + item.id() : "other hosts")
                            + "; osd out, and when all is active+clean osd purge, come before");
        });
    }
}
