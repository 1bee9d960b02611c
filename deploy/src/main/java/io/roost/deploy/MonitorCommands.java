package io.roost.deploy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.roost.cluster.daemon.AdminException;
import io.roost.cluster.daemon.AdminRoute;
import io.roost.cluster.daemon.AdminRoute.Answer;
import io.roost.cluster.daemon.ClientNode;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import io.vertx.core.Future;
import java.util.function.Supplier;

/** Has commands of an administrator carried out by the monitors, and tells what they came to as the admin API does. */
final class MonitorCommands {
    private final Supplier<ClientNode> client;

    MonitorCommands(Supplier<ClientNode> client) {
        this.client = client;
    }

    ClientNode client() {
        return client.get();
    }

    /** Completes when the command has been carried out and this node's map shows it. */
    Future<Answer> run(MonCommand command) {
        return carryOut(command).compose(reply -> client().known(reply.epoch()).map(known -> done(reply)));
    }

    /** The same for what is not in the OSD map. */
    Future<MonMessage.CommandReply> carryOut(MonCommand command) {
        return client().command(command)
                .compose(reply -> reply.outcome() == MonCommand.Outcome.DONE
                        ? Future.succeededFuture(reply)
                        : Future.failedFuture(refused(reply)));
    }

    private static Answer done(MonMessage.CommandReply reply) {
        return Answer.ok(JsonNodeFactory.instance
                .objectNode()
                .put("result", reply.text())
                .put("mapEpoch", reply.epoch()));
    }

    private static AdminException refused(MonMessage.CommandReply reply) {
        return reply.outcome() == MonCommand.Outcome.NOT_FOUND
                ? new AdminException(404, "NotFound", reply.text())
                : new AdminException(409, "Refused", reply.text());
    }

    /** The OSD that a request's path names. */
    OsdInfo osd(AdminRoute.Request request) {
        String id = request.parameters().get("id");
        OsdInfo osd = id.matches("[0-9]{1,6}") ? client().osdMap().osd(Integer.parseInt(id)) : null;
        if (osd == null) {
            throw new AdminException(404, "NoSuchOsd", "there is no osd." + id);
        }
        return osd;
    }

    /** A number that a request's body must have. */
    static double number(AdminRoute.Request request, String field) {
        if (!request.body().path(field).isNumber()) {
            throw invalid(field + " is needed, a number");
        }
        return request.body().path(field).asDouble();
    }

    /** A text that a request's body must have. */
    static String text(AdminRoute.Request request, String field) {
        if (!request.body().path(field).isTextual()) {
            throw invalid(field + " is needed");
        }
        return request.body().path(field).asText();
    }

    /** What the request says that it accepts. */
    static MonCommand.Consent consent(AdminRoute.Request request) {
        return request.body().path("acceptDataLoss").asBoolean()
                ? MonCommand.Consent.DATA_LOSS
                : MonCommand.Consent.NONE;
    }

    /** The refusal of a request that is not well formed. */
    static AdminException invalid(String message) {
        return new AdminException(400, "InvalidArgument", message);
    }
}
