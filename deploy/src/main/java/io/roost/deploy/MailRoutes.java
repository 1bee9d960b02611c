package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.roost.cluster.daemon.AdminException;
import io.roost.cluster.daemon.AdminRoute;
import io.roost.cluster.daemon.AdminRoute.Answer;
import io.roost.mailstore.account.MailUsers;
import io.roost.mailstore.classes.FolderClass;
import io.roost.mailstore.classes.FolderRef;
import io.roost.mailstore.classes.KeptClass;
import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.mailbox.AccountHeader;
import io.roost.mailstore.mailbox.AccountHeader.Quota;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.FolderTree;
import io.roost.mailstore.mailbox.MailUser;
import io.roost.mailstore.store.AccountAdmin;
import io.roost.mailstore.store.MailException;
import io.roost.mailstore.store.MailboxStore;
import io.roost.mailstore.store.MailboxVerification;
import io.roost.mailstore.store.MailboxVerification.Bodies;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
                route(
                        HttpMethod.GET,
                        "/mailboxes",
                        (mail, request) -> mail.users().list().map(MailRoutes::list)),
                route(HttpMethod.POST, "/mailboxes", MailRoutes::create),
                route(HttpMethod.GET, "/mailboxes/{name}", MailRoutes::status),
                route(
                        HttpMethod.DELETE,
                        "/mailboxes/{name}",
                        (mail, request) -> mail.users()
                                .remove(name(request))
                                .compose(MailRoutes::existing)
                                .map(Answer.gone())),
                route(HttpMethod.POST, "/mailboxes/{name}/password", MailRoutes::setPassword),
                route(HttpMethod.POST, "/mailboxes/{name}/name", MailRoutes::rename),
                route(HttpMethod.POST, "/mailboxes/{name}/quota", MailRoutes::setQuota),
                route(HttpMethod.GET, "/mailboxes/{name}/expunged", MailRoutes::expunged),
                route(HttpMethod.POST, "/mailboxes/{name}/undelete", MailRoutes::undelete),
                route(HttpMethod.POST, "/mailboxes/{name}/verify", MailRoutes::verify),
                route(HttpMethod.POST, "/mailboxes/{name}/checkpoint", MailRoutes::checkpoint),
                route(HttpMethod.POST, "/mailboxes/{name}/rebuild", MailRoutes::rebuild),
                route(
                        HttpMethod.POST,
                        "/mailboxes/{name}/import",
                        (mail, request) -> user(mail, request).compose(user -> MailTransfers.in(mail, user, request))),
                route(
                        HttpMethod.POST,
                        "/mailboxes/{name}/export",
                        (mail, request) ->
                                user(mail, request).compose(user -> MailTransfers.out(mail, user, request))));
    }

    private interface Handler {
        Future<Answer> answer(MailServers mail, AdminRoute.Request request);
    }

    private AdminRoute route(HttpMethod method, String path, Handler handler) {
        return new AdminRoute(
                method,
                path,
                request -> mail().compose(mail -> handler.answer(mail, request)).recover(MailRoutes::told));
    }

    /** A refusal of the mail store is one of the administrator's request. */
    private static Future<Answer> told(Throwable failure) {
        return Future.failedFuture(
                failure instanceof MailException refused
                        ? new AdminException(
                                409,
                                "MailRefused",
                                "not possible: " + refused.status().name().toLowerCase(Locale.ROOT))
                        : failure);
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

    private static Future<MailUser> user(MailServers mail, AdminRoute.Request request) {
        return mail.users()
                .find(name(request))
                .compose(found -> existing(found.isPresent()).map(v -> found.get()));
    }

    private static Future<Answer> status(MailServers mail, AdminRoute.Request request) {
        return user(mail, request).compose(user -> {
            MailboxStore store = mail.accounts().store(user.account());
            AccountAdmin admin = mail.accounts().admin(user.account());
            return store.folders()
                    .compose(all -> admin.kept()
                            .map(kept -> Answer.ok(status(user, all, kept).put("primary", "osd." + admin.primary()))));
        });
    }

    private static ObjectNode status(MailUser user, FolderClass.ListReply all, List<KeptClass.Listed> kept) {
        AccountHeader account = all.account();
        ObjectNode answer = json(user)
                .put("usedBytes", account.used().bytes())
                .put("usedMessages", account.used().messages())
                .put("limitBytes", account.limit().bytes())
                .put("limitMessages", account.limit().messages())
                .put("expungedMessages", kept.size());
        ArrayNode folders = answer.putArray("folders");
        Map<FolderNumber, FolderHeader> headers = new HashMap<>();
        all.folders().forEach(folder -> headers.put(folder.number(), folder.header()));
        for (FolderTree.Node node : all.tree().nodes()) {
            FolderHeader header = headers.get(node.number());
            if (header != null) {
                folders.addObject()
                        .put("path", all.tree().path(node))
                        .put("messages", header.counts().exists())
                        .put("unseen", header.counts().unseen())
                        .put("bytes", header.counts().bytes())
                        .put("uidValidity", header.uidValidity())
                        .put("uidNext", header.uidNext());
            }
        }
        return answer;
    }

    private static Future<Answer> rename(MailServers mail, AdminRoute.Request request) {
        String newName = MailUser.normalized(request.body().path("name").asText());
        if (!MailUser.isName(newName)) {
            return Future.failedFuture(
                    new AdminException(400, "InvalidArgument", "'" + newName + "' is no name for a mailbox"));
        }
        return mail.users().rename(name(request), newName).compose(renaming -> switch (renaming) {
            case RENAMED -> Future.succeededFuture(Answer.gone());
            case MISSING -> existing(false).map(Answer.gone());
            case TAKEN ->
                Future.failedFuture(
                        new AdminException(409, "MailboxExists", "there is a mailbox " + newName + " already"));
        });
    }

    private static Future<Answer> setQuota(MailServers mail, AdminRoute.Request request) {
        JsonNode body = request.body();
        return user(mail, request)
                .compose(user -> mail.accounts().store(user.account()).account().compose(account -> {
                    long bytes = body.path("bytes").asLong(account.limit().bytes());
                    long messages = body.path("messages").asLong(account.limit().messages());
                    return bytes < 0 || messages < 0
                            ? Future.failedFuture(
                                    new AdminException(400, "InvalidArgument", "a quota is a number, 0 for none"))
                            : mail.accounts().admin(user.account()).setLimit(new Quota(bytes, messages));
                }))
                .map(Answer.gone());
    }

    private static Future<Answer> expunged(MailServers mail, AdminRoute.Request request) {
        return user(mail, request)
                .compose(user -> mail.accounts().admin(user.account()).kept())
                .map(kept -> {
                    ObjectNode answer = JSON.objectNode();
                    ArrayNode messages = answer.putArray("messages");
                    kept.forEach(each -> messages.addObject()
                            .put("folder", each.place().folder().value())
                            .put("uid", each.place().uid())
                            .put("bytes", each.kept().record().sizeBytes())
                            .put("date", time(each.kept().record().internalMillis()))
                            .put("keptUntil", time(each.kept().dueMillis())));
                    return Answer.ok(answer);
                });
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    /** All that can be had back, into one folder, which is made when it does not exist. */
    private static Future<Answer> undelete(MailServers mail, AdminRoute.Request request) {
        String folder = request.body().path("folder").asText();
        if (!FolderTree.isValidPath(folder)) {
            return Future.failedFuture(
                    new AdminException(400, "InvalidArgument", "'" + folder + "' is no name for a folder"));
        }
        return user(mail, request).compose(user -> {
            AccountAdmin admin = mail.accounts().admin(user.account());
            return mail.accounts()
                    .store(user.account())
                    .createFolder(folder, "")
                    .<Void>mapEmpty()
                    .recover(failure -> MailException.is(failure, MailStatus.ALREADY_EXISTS)
                            ? Future.succeededFuture()
                            : Future.failedFuture(failure))
                    .compose(made -> admin.kept())
                    .compose(kept -> admin.undelete(
                            kept.stream().map(KeptClass.Listed::place).toList(), FolderRef.of(folder)))
                    .map(count -> Answer.ok(JSON.objectNode().put("restored", count)));
        });
    }

    private static Future<Answer> checkpoint(MailServers mail, AdminRoute.Request request) {
        return user(mail, request)
                .compose(user -> mail.accounts()
                        .checkpoints(user.account())
                        .make(
                                mail.accounts().store(user.account()),
                                mail.accounts().admin(user.account())))
                .map(made -> Answer.ok(JSON.objectNode()
                        .put("checkpoint", time(made.atMillis()))
                        .put("messages", made.messages())
                        .put("expungedMessages", made.kept())));
    }

    private static Future<Answer> rebuild(MailServers mail, AdminRoute.Request request) {
        return user(mail, request)
                .compose(user -> mail.accounts().rebuild(user.account()).run())
                .map(report -> {
                    ObjectNode answer = JSON.objectNode()
                            .put(
                                    "checkpoint",
                                    report.checkpointMillis() == 0 ? "none" : time(report.checkpointMillis()))
                            .put("messages", report.known() + report.unknown())
                            .put("messagesAfterCheckpoint", report.unknown())
                            .put("expungedMessages", report.kept())
                            .put("messagesWithoutBody", report.gone())
                            .put("unreadableBodies", report.unreadable())
                            .put("bodiesWithoutMessage", report.lost());
                    ArrayNode notKnown = answer.putArray("notKnown");
                    report.notKnown().forEach(notKnown::add);
                    return Answer.ok(answer);
                });
    }

    private static Future<Answer> verify(MailServers mail, AdminRoute.Request request) {
        Bodies bodies = request.body().path("bodies").asBoolean() ? Bodies.READ : Bodies.PRESENT;
        return user(mail, request)
                .compose(user -> new MailboxVerification(mail.accounts().store(user.account()), bodies).run())
                .map(report -> {
                    ObjectNode answer = JSON.objectNode();
                    ArrayNode findings = answer.putArray("findings");
                    report.findings()
                            .forEach(each -> findings.addObject()
                                    .put("folder", each.folder())
                                    .put("uid", each.uid())
                                    .put("what", each.what()));
                    answer.put("folders", report.folders())
                            .put("messages", report.messages())
                            .put("unsettledFolders", report.unsettled());
                    return Answer.ok(answer);
                });
    }
}
