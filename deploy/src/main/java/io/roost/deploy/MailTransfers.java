package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.roost.cluster.daemon.AdminException;
import io.roost.cluster.daemon.AdminRoute;
import io.roost.cluster.daemon.AdminRoute.Answer;
import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.mailbox.FolderTree;
import io.roost.mailstore.mailbox.MailUser;
import io.roost.mailstore.store.MailException;
import io.roost.mailstore.transfer.MailboxExport;
import io.roost.mailstore.transfer.MailboxImport;
import io.roost.mailstore.transfer.MailboxImport.UidRule;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Mail in from files of the node's machine, and out to them. */
final class MailTransfers {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private MailTransfers() {}

    /** A form of mail, and where. */
    private record Place(MailboxExport.Form form, Path path) {
        static Future<Place> of(JsonNode body) {
            boolean isMaildir = body.has("maildir");
            try {
                Path path = Path.of(body.path(isMaildir ? "maildir" : "mbox").asText());
                return path.isAbsolute()
                        ? Future.succeededFuture(
                                new Place(isMaildir ? MailboxExport.Form.MAILDIR : MailboxExport.Form.MBOX, path))
                        : refusal("a path from the root is needed: maildir or mbox");
            } catch (InvalidPathException noPath) {
                return refusal(noPath.getMessage());
            }
        }
    }

    private static <T> Future<T> refusal(String why) {
        return Future.failedFuture(new AdminException(400, "InvalidArgument", why));
    }

    /** Files that cannot be read or written are the administrator's matter. */
    private static <T> Future<T> told(Throwable failure) {
        if (failure instanceof IOException) {
            return Future.failedFuture(new AdminException(409, "NotPossible", Reason.of(failure)));
        }
        return Future.failedFuture(
                MailException.is(failure, MailStatus.NOT_POSSIBLE)
                        ? new AdminException(
                                409,
                                "MailboxHasUids",
                                "a folder has messages with UIDs of its own; new ones are given with --new-uids")
                        : failure);
    }

    static Future<Answer> in(MailServers mail, MailUser user, AdminRoute.Request request) {
        JsonNode body = request.body();
        String folder = body.path("folder").asText(FolderTree.INBOX);
        if (!FolderTree.isValidPath(folder)) {
            return refusal("'" + folder + "' is no name for a folder");
        }
        UidRule rule = body.path("newUids").asBoolean() ? UidRule.NEW : UidRule.KEPT;
        MailboxImport transfer = new MailboxImport(
                mail.accounts().store(user.account()), mail.accounts().work(), mail.elsewhere(), rule);
        return Place.of(body)
                .compose(place -> place.form == MailboxExport.Form.MAILDIR
                        ? transfer.maildir(place.path)
                        : transfer.mbox(place.path, folder, System.currentTimeMillis()))
                .map(folders -> {
                    ObjectNode answer = JSON.objectNode();
                    ArrayNode list = answer.putArray("folders");
                    folders.forEach(each -> list.addObject()
                            .put("path", each.path())
                            .put("messages", each.messages())
                            .put("present", each.present())
                            .put("uids", each.uids().name().toLowerCase(Locale.ROOT)));
                    ArrayNode skipped = answer.putArray("skipped");
                    folders.forEach(each -> each.skipped()
                            .forEach(one -> skipped.addObject()
                                    .put("where", one.where())
                                    .put("why", one.why())));
                    return Answer.ok(answer);
                })
                .recover(MailTransfers::told);
    }

    static Future<Answer> out(MailServers mail, MailUser user, AdminRoute.Request request) {
        return Place.of(request.body())
                .compose(place -> new MailboxExport(mail.accounts().store(user.account()), mail.elsewhere(), place.form)
                        .into(place.path))
                .map(MailTransfers::exported)
                .recover(MailTransfers::told);
    }

    private static Answer exported(List<MailboxExport.Folder> folders) {
        ObjectNode answer = JSON.objectNode();
        ArrayNode list = answer.putArray("folders");
        folders.forEach(each -> list.addObject().put("path", each.path()).put("messages", each.messages()));
        ArrayNode skipped = answer.putArray("skipped");
        folders.forEach(each -> each.skipped()
                .forEach(one -> skipped.addObject()
                        .put("where", each.path() + ", " + one.where())
                        .put("why", one.why())));
        return Answer.ok(answer);
    }
}
