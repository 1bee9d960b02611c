package io.roost.mailstore.imap.command;

import io.roost.mailstore.classes.FolderClass;
import io.roost.mailstore.imap.syntax.Command;
import io.roost.mailstore.imap.syntax.Response;
import io.roost.mailstore.imap.syntax.Response.Namespace;
import io.roost.mailstore.imap.syntax.Response.StatusValue;
import io.roost.mailstore.imap.syntax.ResponseCode.Word;
import io.roost.mailstore.imap.syntax.StatusItem;
import io.roost.mailstore.mailbox.AccountHeader.Quota;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.FolderTree;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** CREATE, DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE, NAMESPACE, STATUS, GETQUOTA and GETQUOTAROOT. */
final class FolderCommands {
    /** The one quota root of an account. */
    private static final String QUOTA_ROOT = "";

    private static final int KIB = 1024;

    private final UserSession user;

    FolderCommands(UserSession user) {
        this.user = user;
    }

    Future<Done> create(Command.Create command) {
        String use = command.specialUse().isEmpty() ? "" : command.specialUse().get(0);
        if (command.specialUse().size() > 1 || !(use.isEmpty() || SpecialUses.isKnown(use))) {
            return Future.succeededFuture(Done.no(Word.USEATTR, "This special use is not possible"));
        }
        return user.store().createFolder(command.mailbox(), use).map(created -> Done.ok("CREATE completed"));
    }

    Future<Done> delete(Command.Delete command) {
        return user.store().deleteFolder(command.mailbox()).map(unused -> Done.ok("DELETE completed"));
    }

    Future<Done> rename(Command.Rename command) {
        return user.store()
                .renameFolder(command.mailbox(), command.newName())
                .map(unused -> Done.ok("RENAME completed"));
    }

    Future<Done> subscribe(Command.Subscribe command) {
        return user.store().subscribe(command.mailbox()).map(unused -> Done.ok("SUBSCRIBE completed"));
    }

    Future<Done> unsubscribe(Command.Unsubscribe command) {
        return user.store().unsubscribe(command.mailbox()).map(unused -> Done.ok("UNSUBSCRIBE completed"));
    }

    /** RFC 9051 6.3.10. */
    Done namespace() {
        user.told()
                .tell(new Response.Namespaces(List.of(new Namespace("", FolderTree.DELIMITER)), List.of(), List.of()));
        return Done.ok("NAMESPACE completed");
    }

    /** RFC 9051 6.3.11. */
    Future<Done> status(Command.Status command) {
        return user.store().folders().map(all -> {
            Response.MailboxStatus status = status(all, command.mailbox(), command.items());
            if (status == null) {
                return Done.no(Word.NONEXISTENT, "There is no such mailbox");
            }
            if (command.items().contains(StatusItem.HIGHESTMODSEQ)) {
                user.session().enabled().condStore();
            }
            user.told().tell(status);
            return Done.ok("STATUS completed");
        });
    }

    /** The status of a folder, or null when there is none. */
    static Response.MailboxStatus status(FolderClass.ListReply all, String path, List<StatusItem> items) {
        FolderTree.Node node = all.tree().find(path);
        FolderHeader header = node == null ? null : header(all, node);
        if (header == null) {
            return null;
        }
        List<StatusValue> values = new ArrayList<>();
        for (StatusItem item : items) {
            values.add(
                    item == StatusItem.MAILBOXID
                            ? StatusValue.mailboxId("F" + node.guid().hex())
                            : StatusValue.of(item, number(item, header)));
        }
        return new Response.MailboxStatus(path, values);
    }

    private static FolderHeader header(FolderClass.ListReply all, FolderTree.Node node) {
        return all.folders().stream()
                .filter(folder -> folder.number().equals(node.number()))
                .map(FolderClass.Numbered::header)
                .findAny()
                .orElse(null);
    }

    private static long number(StatusItem item, FolderHeader header) {
        return switch (item) {
            case MESSAGES -> header.counts().exists();
            case RECENT -> 0;
            case UIDNEXT -> header.uidNext();
            case UIDVALIDITY -> header.uidValidity();
            case UNSEEN -> header.counts().unseen();
            case DELETED -> header.counts().deleted();
            case SIZE -> header.counts().bytes();
            case HIGHESTMODSEQ -> header.log().highestModSeq();
            case APPENDLIMIT -> Commands.MAX_MESSAGE_BYTES;
            case MAILBOXID -> throw new IllegalArgumentException("an id is no number");
        };
    }

    /** RFC 9208 4.1. */
    Future<Done> getQuota(Command.GetQuota command) {
        if (!command.root().equals(QUOTA_ROOT)) {
            return Future.succeededFuture(Done.no(Word.NONEXISTENT, "There is no such quota root"));
        }
        return user.store().folders().map(all -> {
            tellQuota(all);
            return Done.ok("GETQUOTA completed");
        });
    }

    /** RFC 9208 4.2. */
    Future<Done> getQuotaRoot(Command.GetQuotaRoot command) {
        return user.store().folders().map(all -> {
            user.told().tell(new Response.QuotaRoots(command.mailbox(), List.of(QUOTA_ROOT)));
            tellQuota(all);
            return Done.ok("GETQUOTAROOT completed");
        });
    }

    private void tellQuota(FolderClass.ListReply all) {
        Quota used = all.account().used();
        Quota limit = all.account().limit();
        List<Response.Quota.Resource> resources = new ArrayList<>();
        if (limit.bytes() != Quota.UNLIMITED) {
            resources.add(new Response.Quota.Resource("STORAGE", (used.bytes() + KIB - 1) / KIB, limit.bytes() / KIB));
        }
        if (limit.messages() != Quota.UNLIMITED) {
            resources.add(new Response.Quota.Resource("MESSAGE", used.messages(), limit.messages()));
        }
        user.told().tell(new Response.Quota(QUOTA_ROOT, resources));
    }
}
