package io.roost.mailstore.imap.command;

import io.roost.mailstore.classes.CopyClass;
import io.roost.mailstore.classes.FolderRef;
import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.imap.session.MessageNumbers;
import io.roost.mailstore.imap.session.SelectedMailbox;
import io.roost.mailstore.imap.session.SelectedMailbox.Expunges;
import io.roost.mailstore.imap.syntax.Command.Access;
import io.roost.mailstore.imap.syntax.MessageSet;
import io.roost.mailstore.imap.syntax.Numbering;
import io.roost.mailstore.imap.syntax.Response.Status;
import io.roost.mailstore.imap.syntax.ResponseCode;
import io.roost.mailstore.imap.syntax.ResponseCode.Word;
import io.roost.mailstore.imap.syntax.SequenceSet;
import io.roost.mailstore.mailbox.UidSet;
import io.roost.mailstore.store.MailException;
import io.vertx.core.Future;
import java.util.List;

/** COPY and MOVE (RFC 9051 6.4.7 and 6.4.8). */
final class CopyCommand {
    private final UserSession user;
    private final SelectedMailbox mailbox;
    private final Numbering numbering;
    private final MessageSet set;
    private final String target;

    CopyCommand(UserSession user, Numbering numbering, MessageSet set, String target) {
        this.user = user;
        this.mailbox = user.selected();
        this.numbering = numbering;
        this.set = set;
        this.target = target;
    }

    private boolean isBeyond() {
        return numbering == Numbering.SEQUENCE
                && set instanceof SequenceSet numbers
                && mailbox.numbers().isBeyond(numbers);
    }

    Future<Done> copy() {
        if (isBeyond()) {
            return Future.succeededFuture(Done.bad("Message number beyond the last"));
        }
        UidSet uids = mailbox.resolve(set, numbering);
        return user.store()
                .copy(mailbox.folder(), uids, FolderRef.of(target))
                .compose(pages -> user.syncAnd(
                        numbering == Numbering.UID ? Expunges.TOLD : Expunges.HELD,
                        Done.ok(copyUid(pages), "COPY completed")))
                .recover(CopyCommand::refused);
    }

    Future<Done> move() {
        if (mailbox.access() == Access.READ_ONLY) {
            return Future.succeededFuture(Done.no(Word.CANNOT, "The mailbox is open for reading only"));
        }
        if (isBeyond()) {
            return Future.succeededFuture(Done.bad("Message number beyond the last"));
        }
        UidSet uids = mailbox.resolve(set, numbering);
        return user.store()
                .move(mailbox.folder(), uids, FolderRef.of(target))
                .compose(moved -> {
                    // RFC 6851 4.3: COPYUID comes before the messages leave. When the rest was not moved, as much is
                    // told (3.3).
                    ResponseCode code = copyUid(moved.pages());
                    if (code != null) {
                        user.told().tell(Status.info(code, "Moved"));
                    }
                    Done done = moved.failure().map(Done::of).orElse(Done.ok("MOVE completed"));
                    return user.syncAnd(Expunges.TOLD, done);
                })
                .recover(CopyCommand::refused);
    }

    private static ResponseCode copyUid(List<CopyClass.Reply> pages) {
        UidSet.Builder from = new UidSet.Builder();
        UidSet.Builder to = new UidSet.Builder();
        for (CopyClass.Reply page : pages) {
            page.source().ranges().forEach(range -> from.add(range.first(), range.last()));
            long count = page.source().count();
            if (count > 0) {
                to.add(page.firstUid(), page.firstUid() + count - 1);
            }
        }
        SequenceSet sources = MessageNumbers.toSequenceSet(from.build());
        return sources == null
                ? null
                : new ResponseCode.CopyUid(
                        pages.get(0).uidValidity(), sources, MessageNumbers.toSequenceSet(to.build()));
    }

    /** RFC 9051 6.4.7: a target that does not exist is said to be one that could be made. */
    static Future<Done> refused(Throwable failure) {
        boolean isMissing = failure instanceof MailException refused && refused.status() == MailStatus.NO_SUCH_FOLDER;
        return Future.succeededFuture(
                isMissing ? Done.no(Word.TRYCREATE, "There is no such mailbox") : Done.of(failure));
    }
}
