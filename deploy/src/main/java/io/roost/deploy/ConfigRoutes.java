package io.roost.deploy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.roost.cluster.daemon.AdminException;
import io.roost.cluster.daemon.AdminRoute;
import io.roost.cluster.daemon.AdminRoute.Answer;
import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.map.OsdSetting;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The routes of the admin API for what OSDs follow while they run, and what monitors do with them; {@link AdminClient} has their table. What else is in the
 * cluster's configuration, as keys of nodes, is neither shown nor changed here.
 */
final class ConfigRoutes {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final MonitorCommands monitors;

    ConfigRoutes(MonitorCommands monitors) {
        this.monitors = monitors;
    }

    List<AdminRoute> all() {
        return List.of(
                new AdminRoute(HttpMethod.GET, "/config", request -> Future.succeededFuture(Answer.ok(list()))),
                ChangeRoutes.route(HttpMethod.POST, "/config/{who}/{setting}", this::set),
                ChangeRoutes.route(HttpMethod.DELETE, "/config/{who}/{setting}", this::remove));
    }

    private ObjectNode list() {
        SortedMap<String, SortedMap<String, String>> sections =
                monitors.client().config().map(ClusterConfig::sections).orElse(Collections.emptySortedMap());
        ObjectNode answer = JSON.objectNode();
        ArrayNode known = answer.putArray("settings");
        ArrayNode set = answer.putArray("set");
        for (OsdSetting setting : OsdSetting.values()) {
            known.addObject()
                    .put("setting", setting.text())
                    .put("default", setting.fallback())
                    .put("meaning", setting.meaning());
            sections.forEach((who, settings) -> {
                String value = settings.get(setting.text());
                if (value != null) {
                    set.addObject()
                            .put("who", who)
                            .put("setting", setting.text())
                            .put("value", value);
                }
            });
        }
        return answer;
    }

    private Future<Answer> set(AdminRoute.Request request) {
        String value = MonitorCommands.text(request, "value");
        String who = who(request);
        OsdSetting setting = setting(request);
        if (!who.equals(ClusterConfig.GLOBAL) && !who.startsWith(setting.kind())) {
            throw MonitorCommands.invalid(setting.text() + " is of " + setting.kind() + ", not of " + who);
        }
        try {
            setting.parse(value);
        } catch (IllegalArgumentException wrong) {
            throw MonitorCommands.invalid(wrong.getMessage());
        }
        return change(request, Optional.of(value))
                .map(reply -> Answer.ok(JSON.objectNode().put("result", reply.text())));
    }

    private Future<Answer> remove(AdminRoute.Request request) {
        return change(request, Optional.empty()).map(reply -> Answer.gone());
    }

    private Future<MonMessage.CommandReply> change(AdminRoute.Request request, Optional<String> value) {
        return monitors.carryOut(
                        new MonCommand.SetSetting(who(request), setting(request).text(), value))
                .compose(reply -> monitors.client().knownConfig(reply.epoch()).map(known -> reply));
    }

    private static String who(AdminRoute.Request request) {
        String who = request.parameters().get("who");
        if (!who.matches("global|mon|osd|osd\\.[0-9]{1,6}")) {
            throw MonitorCommands.invalid("settings are of osd, of one OSD as osd.3, of mon, or global; not of " + who);
        }
        return who;
    }

    private static OsdSetting setting(AdminRoute.Request request) {
        String name = request.parameters().get("setting");
        return OsdSetting.of(name)
                .orElseThrow(() -> new AdminException(
                        404, "NoSuchSetting", "there is no setting " + name + "; roost config ls has them"));
    }
}
