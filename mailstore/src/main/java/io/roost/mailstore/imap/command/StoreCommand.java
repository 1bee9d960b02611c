package io.roost.mailstore.imap.command;

import io.roost.mailstore.classes.StoreClass;
import io.roost.mailstore.imap.session.FlagNames;
import io.roost.mailstore.imap.session.MessageNumbers;
import io.roost.mailstore.imap.session.SelectedMailbox;
import io.roost.mailstore.imap.session.SelectedMailbox.Detail;
import io.roost.mailstore.imap.session.SelectedMailbox.Expunges;
import io.roost.mailstore.imap.syntax.Command;
import io.roost.mailstore.imap.syntax.Command.Access;
import io.roost.mailstore.imap.syntax.Command.Echo;
import io.roost.mailstore.imap.syntax.FetchDatum;
import io.roost.mailstore.imap.syntax.Numbering;
import io.roost.mailstore.imap.syntax.Response;
import io.roost.mailstore.imap.syntax.ResponseCode;
import io.roost.mailstore.imap.syntax.ResponseCode.Word;
import io.roost.mailstore.imap.syntax.SequenceSet;
import io.roost.mailstore.mailbox.UidSet;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** STORE and UID STORE (RFC 9051 6.4.6, RFC 7162 3.1.3). */
final class StoreCommand {
    private final UserSession user;
    private final SelectedMailbox mailbox;
    private final Command.Store command;

    StoreCommand(UserSession user, Command.Store command) {
        this.user = user;
        this.mailbox = user.selected();
        this.command = command;
    }

    Future<Done> run() {
        if (mailbox.access() == Access.READ_ONLY) {
            return Future.succeededFuture(Done.no(Word.CANNOT, "The mailbox is open for reading only"));
        }
        boolean isBeyond = command.numbering() == Numbering.SEQUENCE
                && command.set() instanceof SequenceSet numbers
                && mailbox.numbers().isBeyond(numbers);
        if (isBeyond) {
            return Future.succeededFuture(Done.bad("Message number beyond the last"));
        }
        boolean isConditional = command.unchangedSince() != Command.Store.ANY;
        if (isConditional) {
            user.session().enableCondStore();
        }
        StoreClass.Change change = new StoreClass.Change(
                isConditional ? command.unchangedSince() : StoreClass.UNCONDITIONAL,
                mode(),
                FlagNames.systemBits(command.flags()),
                FlagNames.keywords(command.flags()));
        UidSet uids = mailbox.resolve(command.set(), command.numbering());
        Future<StoreClass.Reply> stored = uids.isEmpty()
                ? Future.succeededFuture(new StoreClass.Reply(mailbox.knownModSeq(), List.of(), UidSet.EMPTY, 0))
                : user.store().store(mailbox.folder(), uids, change);
        Expunges expunges = command.numbering() == Numbering.UID ? Expunges.TOLD : Expunges.HELD;
        // Changes of others first: the answer then has keywords that the client knows.
        return stored.compose(reply -> {
            mailbox.answered(reply.modSeq());
            return user.sync(Expunges.HELD).compose(unused -> {
                tell(reply);
                if (expunges == Expunges.TOLD) {
                    mailbox.takeExpunges(user.session().detail()).forEach(user.told()::tell);
                }
                return Future.succeededFuture(done(reply, uids));
            });
        });
    }

    private StoreClass.Mode mode() {
        return switch (command.mode()) {
            case REPLACE -> StoreClass.Mode.REPLACE;
            case ADD -> StoreClass.Mode.ADD;
            case REMOVE -> StoreClass.Mode.REMOVE;
        };
    }

    private void tell(StoreClass.Reply reply) {
        Detail detail = user.session().detail();
        for (StoreClass.Stored each : reply.stored()) {
            long number = mailbox.numbers().numberOf(each.uid());
            boolean isChanged = each.effect() == StoreClass.Effect.CHANGED;
            // RFC 7162 3.1.3: a changed message's MODSEQ is told also when its flags are not.
            boolean isModSeq = isChanged && detail != Detail.PLAIN;
            boolean isFlags = command.echo() == Echo.FLAGS;
            if (number == 0 || !(isModSeq || isFlags)) {
                continue;
            }
            List<FetchDatum> data = new ArrayList<>();
            if (command.numbering() == Numbering.UID || detail == Detail.QRESYNC) {
                data.add(new FetchDatum.Numbered(FetchDatum.NumberName.UID, each.uid()));
            }
            if (isFlags) {
                data.add(new FetchDatum.Flags(FlagNames.of(each.flags(), mailbox.header())));
            }
            if (isModSeq) {
                data.add(new FetchDatum.ModSeq(reply.modSeq()));
            }
            user.told().tell(new Response.Fetch(number, data));
        }
    }

    private Done done(StoreClass.Reply reply, UidSet asked) {
        SequenceSet modified = command.numbering() == Numbering.UID
                ? MessageNumbers.toSequenceSet(reply.modified())
                : mailbox.numbers().numbersOf(reply.modified());
        if (modified != null) {
            return Done.ok(new ResponseCode.Modified(modified), "Conditional STORE failed for some");
        }
        boolean isAnyGone = command.numbering() == Numbering.SEQUENCE && mailbox.isAnyGone(asked);
        return isAnyGone ? Done.no(Word.EXPUNGEISSUED, "Some messages are gone") : Done.ok("STORE completed");
    }
}
