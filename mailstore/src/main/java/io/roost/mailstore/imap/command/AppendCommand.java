package io.roost.mailstore.imap.command;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.classes.AppendClass;
import io.roost.mailstore.classes.FolderRef;
import io.roost.mailstore.imap.session.FlagNames;
import io.roost.mailstore.imap.session.SelectedMailbox.Expunges;
import io.roost.mailstore.imap.syntax.Command;
import io.roost.mailstore.imap.syntax.ResponseCode;
import io.roost.mailstore.imap.syntax.SequenceSet;
import io.roost.mailstore.store.NewMessage;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** APPEND with its messages at hand (RFC 9051 6.3.12, RFC 3502, RFC 4315). */
final class AppendCommand {
    private final UserSession user;

    AppendCommand(UserSession user) {
        this.user = user;
    }

    Future<Done> run(Command.Append command, List<Bytes> bodies) {
        List<NewMessage> messages = new ArrayList<>();
        for (int i = 0; i < bodies.size(); i++) {
            messages.add(message(user, command.messages().get(i), bodies.get(i)));
        }
        return user.store()
                .append(FolderRef.of(command.mailbox()), messages)
                .compose(reply ->
                        user.syncAnd(Expunges.TOLD, Done.ok(appendUid(reply, messages.size()), "APPEND completed")))
                .recover(CopyCommand::refused);
    }

    static NewMessage message(UserSession user, Command.Message message, Bytes body) {
        long internal = message.date() == null
                ? user.nowMillis()
                : Math.max(0, message.date().toInstant().toEpochMilli());
        return new NewMessage(
                body, internal, FlagNames.systemBits(message.flags()), FlagNames.keywords(message.flags()));
    }

    static ResponseCode appendUid(AppendClass.Reply reply, int count) {
        return reply.firstUid() == AppendClass.Reply.UNKNOWN
                ? null
                : new ResponseCode.AppendUid(
                        reply.uidValidity(), SequenceSet.of(reply.firstUid(), reply.firstUid() + count - 1));
    }
}
