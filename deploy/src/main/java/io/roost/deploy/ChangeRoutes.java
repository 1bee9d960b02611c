package io.roost.deploy;

import io.roost.cluster.crush.CrushItem;
import io.roost.cluster.daemon.AdminException;
import io.roost.cluster.daemon.AdminRoute;
import io.roost.cluster.daemon.AdminRoute.Answer;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.Pool;
import io.roost.cluster.message.MonCommand;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;

/** The routes of the admin API that change OSDs, pools and flags; {@link AdminClient} has their table. */
final class ChangeRoutes {
    private final MonitorCommands monitors;

    ChangeRoutes(MonitorCommands monitors) {
        this.monitors = monitors;
    }

    List<AdminRoute> all() {
        return List.of(
                post("/osds/{id}/out", request -> weigh(request, 0)),
                post("/osds/{id}/in", request -> weigh(request, CrushItem.ONE)),
                post("/osds/{id}/reweight", request -> weigh(request, share(request))),
                post("/osds/{id}/down", this::down),
                post("/osds/{id}/lost", this::lost),
                post("/osds/{id}/purge", this::purge),
                post("/pools/{name}", this::setPool),
                post("/flags/{name}", this::setFlag));
    }

    /** A POST whose refusals may be thrown. */
    static AdminRoute post(String path, AdminRoute.Handler handler) {
        return route(HttpMethod.POST, path, handler);
    }

    /** A route whose refusals may be thrown. */
    static AdminRoute route(HttpMethod method, String path, AdminRoute.Handler handler) {
        return new AdminRoute(method, path, request -> {
            try {
                return handler.handle(request);
            } catch (AdminException refused) {
                return Future.failedFuture(refused);
            }
        });
    }

    private Future<Answer> weigh(AdminRoute.Request request, int weight) {
        return monitors.run(new MonCommand.SetOsdWeight(monitors.osd(request).id(), weight));
    }

    private static int share(AdminRoute.Request request) {
        double weight = MonitorCommands.number(request, "weight");
        if (weight < 0 || weight > 1) {
            throw MonitorCommands.invalid("a reweight is 0 (out) to 1 (in), not " + weight);
        }
        return (int) Math.round(weight * CrushItem.ONE);
    }

    private Future<Answer> down(AdminRoute.Request request) {
        OsdInfo osd = monitors.osd(request);
        return monitors.run(new MonCommand.MarkOsdDown(osd.id(), osd.upFrom()));
    }

    private Future<Answer> lost(AdminRoute.Request request) {
        OsdInfo osd = monitors.osd(request);
        if (MonitorCommands.consent(request) == MonCommand.Consent.NONE) {
            throw new AdminException(
                    409,
                    "NeedsConsent",
                    "what only osd." + osd.id() + " has would be gone for good; say --accept-data-loss if it is");
        }
        return monitors.run(new MonCommand.DeclareOsdLost(osd.id()));
    }

    private Future<Answer> purge(AdminRoute.Request request) {
        return monitors.run(new MonCommand.PurgeOsd(monitors.osd(request).id(), MonitorCommands.consent(request)));
    }

    private Future<Answer> setPool(AdminRoute.Request request) {
        String name = request.parameters().get("name");
        Pool pool = monitors.client().osdMap().pool(name);
        if (pool == null) {
            throw new AdminException(404, "NoSuchPool", "there is no pool " + name);
        }
        int value = (int) MonitorCommands.number(request, "value");
        return switch (MonitorCommands.text(request, "setting")) {
            case "size" -> monitors.run(new MonCommand.SetPoolSize(name, value));
            case "min_size" ->
                monitors.run(new MonCommand.SetPoolMinSize(name, value, MonitorCommands.consent(request)));
            default -> throw MonitorCommands.invalid("settings of a pool are size and min_size");
        };
    }

    private Future<Answer> setFlag(AdminRoute.Request request) {
        String name = request.parameters().get("name");
        MonCommand.Switch value = request.body().path("on").asBoolean() ? MonCommand.Switch.ON : MonCommand.Switch.OFF;
        for (OsdMapFlag flag : OsdMapFlag.values()) {
            if (flag.text().equals(name)) {
                return monitors.run(new MonCommand.SetFlag(flag, value));
            }
        }
        throw new AdminException(404, "NoSuchFlag", "there is no flag " + name);
    }
}
