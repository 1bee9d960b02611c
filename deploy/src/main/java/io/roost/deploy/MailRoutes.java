package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.roost.cluster.daemon.AdminException;
import io.roost.cluster.daemon.AdminRoute;
import io.roost.cluster.daemon.AdminRoute.Answer;
import io.roost.mailstore.account.MailUsers;
import io.roost.mailstore.mailbox.MailUser;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The routes of the admin API about mailboxes; {@link AdminClient} has their table. */
final class MailRoutes {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Optional<MailServers> servers;

    /** Routes of a node, whose mail store may be off. */
    MailRoutes(Optional<MailServers> servers) {
        this.servers = servers;
    }

    List<AdminRoute> all() {
        return List.of(
                new AdminRoute(
                        HttpMethod.GET,
                        "/mailboxes",
                        request -> mail().compose(mail -> mail.users().list().map(MailRoutes::list))),
                new AdminRoute(HttpMethod.POST, "/mailboxes", request -> mail().compose(mail -> create(mail, request))),
                new AdminRoute(
                        HttpMethod.POST,
                        "/mailboxes/{name}/password",
                        request -> mail().compose(mail -> setPassword(mail, request))),
                new AdminRoute(
                        HttpMethod.DELETE,
                        "/mailboxes/{name}",
                        request -> mail().compose(mail ->
                                        mail.users().remove(name(request)).compose(MailRoutes::existing))
                                .map(Answer.gone())));
    }

    private Future<MailServers> mail() {
        return servers.map(Future::succeededFuture)
                .orElseGet(() -> Future.failedFuture(new AdminException(
                        409, "MailIsOff", "this node has no mail servers: start it with mail.listen: on")));
    }

    private static Answer list(List<MailUser> users) {
        ObjectNode answer = JSON.objectNode();
        ArrayNode list = answer.putArray("mailboxes");
        users.forEach(user -> list.add(json(user)));
        return Answer.ok(answer);
    }

    private static ObjectNode json(MailUser user) {
        return JSON.objectNode()
                .put("name", user.name())
                .put("account", user.account().text())
                .put("createdAt", Instant.ofEpochMilli(user.createdMillis()).toString());
    }

    private static String name(AdminRoute.Request request) {
        return MailUser.normalized(request.parameters().get("name"));
    }

    private static Future<Answer> create(MailServers mail, AdminRoute.Request request) {
        String name = MailUser.normalized(request.body().path("name").asText());
        if (!MailUser.isName(name)) {
            return Future.failedFuture(new AdminException(
                    400,
                    "InvalidArgument",
                    "'" + name + "' is no name for a mailbox: no spaces, 320 characters at most"));
        }
        return password(request.body())
                .compose(password -> mail.createUser(name, password))
                .compose(creation -> creation == MailUsers.Creation.MADE
                        ? mail.users().find(name)
                        : Future.failedFuture(
                                new AdminException(409, "MailboxExists", "there is a mailbox " + name + " already")))
                .map(user -> Answer.created(json(user.orElseThrow())));
    }

    private static Future<Answer> setPassword(MailServers mail, AdminRoute.Request request) {
        return password(request.body())
                .compose(password -> mail.users().setPassword(name(request), password))
                .compose(MailRoutes::existing)
                .map(Answer.gone());
    }

    private static Future<String> password(JsonNode body) {
        String password = body.path("password").asText();
        return password.isEmpty()
                ? Future.failedFuture(new AdminException(400, "InvalidArgument", "a password is needed"))
                : Future.succeededFuture(password);
    }

    private static Future<Void> existing(boolean isThere) {
        return isThere
                ? Future.succeededFuture()
                : Future.failedFuture(new AdminException(404, "NoSuchMailbox", "there is no such mailbox"));
    }
}
