package io.roost.mailstore.imap.command;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.classes.FolderRef;
import io.roost.mailstore.classes.ReplaceClass;
import io.roost.mailstore.imap.session.MessageNumbers;
import io.roost.mailstore.imap.session.SelectedMailbox;
import io.roost.mailstore.imap.session.SelectedMailbox.Expunges;
import io.roost.mailstore.imap.syntax.Command;
import io.roost.mailstore.imap.syntax.Command.Access;
import io.roost.mailstore.imap.syntax.Numbering;
import io.roost.mailstore.imap.syntax.Response.Status;
import io.roost.mailstore.imap.syntax.ResponseCode;
import io.roost.mailstore.imap.syntax.ResponseCode.Word;
import io.roost.mailstore.imap.syntax.SequenceSet;
import io.vertx.core.Future;

/** REPLACE with its message at hand (RFC 8508). */
final class ReplaceCommand {
    private final UserSession user;
    private final SelectedMailbox mailbox;

    ReplaceCommand(UserSession user) {
        this.user = user;
        this.mailbox = user.selected();
    }

    Future<Done> run(Command.Replace command, Bytes body) {
        if (mailbox.access() == Access.READ_ONLY) {
            return Future.succeededFuture(Done.no(Word.CANNOT, "The mailbox is open for reading only"));
        }
        long uid = uid(command);
        if (uid == 0) {
            return Future.succeededFuture(
                    command.numbering() == Numbering.UID
                            ? Done.no(Word.NONEXISTENT, "There is no such message")
                            : Done.bad("Message number beyond the last"));
        }
        return user.store()
                .replace(
                        new ReplaceClass.Replaced(mailbox.folder(), uid, user.keepUntilMillis()),
                        FolderRef.of(command.mailbox()),
                        AppendCommand.message(user, command.message(), body))
                .compose(reply -> {
                    // RFC 8508 3.3: told before the replaced message leaves.
                    ResponseCode code = AppendCommand.appendUid(reply, 1);
                    if (code != null) {
                        user.told().tell(Status.info(code, "Replacement message ready"));
                    }
                    return user.syncAnd(Expunges.TOLD, Done.ok("REPLACE completed"));
                })
                .recover(CopyCommand::refused);
    }

    /** The UID of the message that goes, or 0 when there is none. */
    private long uid(Command.Replace command) {
        MessageNumbers numbers = mailbox.numbers();
        boolean isUid = command.numbering() == Numbering.UID;
        if (command.number() == SequenceSet.STAR) {
            return numbers.lastUid();
        }
        if (isUid) {
            return numbers.numberOf(command.number()) == 0 ? 0 : command.number();
        }
        return command.number() > numbers.count() ? 0 : numbers.uidOf(command.number());
    }
}
