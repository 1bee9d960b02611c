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
import io.roost.mailstore.mailbox.FolderChanges;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.mailstore.mailbox.MessageRecord;
import io.roost.mailstore.mailbox.NumberedMessage;
import io.roost.mailstore.mailbox.UidSet;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
            user.session().enabled().condStore();
        }
        StoreClass.Change change = new StoreClass.Change(
                isConditional ? command.unchangedSince() : StoreClass.UNCONDITIONAL,
                mode(),
                FlagNames.systemBits(command.flags()),
                FlagNames.keywords(command.flags()));
        UidSet uids = mailbox.resolve(command.set(), command.numbering());
        Future<List<StoreClass.Reply>> stored = uids.isEmpty()
                ? Future.succeededFuture(List.of())
                : user.store().store(mailbox.folder(), uids, mailbox.knownModSeq(), change);
        return stored.compose(pages -> news(pages, change).map(news -> {
            Outcome outcome = Outcome.of(pages, news);
            // Changes of others first: the answer then has keywords that the client knows.
            mailbox.apply(news, Expunges.HELD, user.session().enabled().detail(), outcome.uids())
                    .forEach(user.told()::tell);
            outcome.messages().forEach(this::tell);
            if (command.numbering() == Numbering.UID) {
                mailbox.takeExpunges(user.session().enabled().detail()).forEach(user.told()::tell);
            }
            return done(outcome.modified(), uids);
        }));
    }

    /** What others have done: nothing when the folder has changed by this command alone since the client was told. */
    private Future<FolderChanges> news(List<StoreClass.Reply> pages, StoreClass.Change change) {
        if (pages.size() != 1) {
            return user.changes();
        }
        StoreClass.Reply page = pages.get(0);
        boolean isChanged = page.stored().stream().anyMatch(each -> each.effect() == StoreClass.Effect.CHANGED);
        boolean isAlone = page.modSeq() == mailbox.knownModSeq() + (isChanged ? 1 : 0);
        // A keyword that is new changes the folder's dictionary, which the client is told.
        boolean isKnown =
                change.keywords().stream().allMatch(keyword -> mailbox.header().bitOf(keyword) >= 0);
        return isAlone && isKnown
                ? Future.succeededFuture(new FolderChanges(mailbox.header(), page.modSeq(), List.of(), UidSet.EMPTY))
                : user.changes();
    }

    /**
     * A message that was to be changed.
     *
     * @param uid which
     * @param flags as they are now, which may be later than this command
     * @param modSeq of them
     * @param isChanged by this command
     * @param isNews changed by another client too, so that this one cannot know its flags
     */
    private record Stored(long uid, MailFlags flags, long modSeq, boolean isChanged, boolean isNews) {
        static Stored of(StoreClass.Stored stored, long modSeq, NumberedMessage newest) {
            boolean isChanged = stored.effect() == StoreClass.Effect.CHANGED;
            boolean isNews = stored.before() == StoreClass.Before.NEWS;
            if (newest == null) {
                return new Stored(stored.uid(), stored.flags(), modSeq, isChanged, isNews);
            }
            MessageRecord now = newest.message();
            return new Stored(stored.uid(), now.flags(), now.modSeq(), isChanged, isNews || now.modSeq() > modSeq);
        }
    }

    /** What became of the messages, together with what others have done to them meanwhile. */
    private record Outcome(UidSet uids, List<Stored> messages, UidSet modified) {
        static Outcome of(List<StoreClass.Reply> pages, FolderChanges news) {
            Map<Long, NumberedMessage> newest = new HashMap<>();
            news.changed().forEach(each -> newest.put(each.uid(), each));
            UidSet.Builder uids = new UidSet.Builder();
            UidSet.Builder modified = new UidSet.Builder();
            List<Stored> messages = new ArrayList<>();
            for (StoreClass.Reply page : pages) {
                for (StoreClass.Stored each : page.stored()) {
                    uids.add(each.uid());
                    NumberedMessage now = newest.get(each.uid());
                    // What others had changed and is gone by now: nobody can say which MODSEQ it had.
                    boolean isGone = now == null
                            && each.effect() == StoreClass.Effect.SAME
                            && each.before() == StoreClass.Before.NEWS;
                    if (!isGone) {
                        messages.add(Stored.of(each, page.modSeq(), now));
                    }
                }
                page.modified().ranges().forEach(range -> modified.add(range.first(), range.last()));
            }
            return new Outcome(uids.build(), messages, modified.build());
        }
    }

    private StoreClass.Mode mode() {
        return switch (command.mode()) {
            case REPLACE -> StoreClass.Mode.REPLACE;
            case ADD -> StoreClass.Mode.ADD;
            case REMOVE -> StoreClass.Mode.REMOVE;
        };
    }

    private void tell(Stored each) {
        Detail detail = user.session().enabled().detail();
        long number = mailbox.numbers().numberOf(each.uid());
        boolean isFlags = command.echo() == Echo.FLAGS || each.isNews();
        // RFC 7162 3.1.3: a changed message's MODSEQ is told also when its flags are not.
        boolean isModSeq = detail != Detail.PLAIN && (each.isChanged() || each.isNews());
        if (number == 0 || !(isModSeq || isFlags)) {
            return;
        }
        List<FetchDatum> data = new ArrayList<>();
        if (command.numbering() == Numbering.UID || detail == Detail.QRESYNC) {
            data.add(new FetchDatum.Numbered(FetchDatum.NumberName.UID, each.uid()));
        }
        if (isFlags) {
            data.add(new FetchDatum.Flags(FlagNames.of(each.flags(), mailbox.header())));
        }
        if (isModSeq) {
            data.add(new FetchDatum.ModSeq(each.modSeq()));
        }
        user.told().tell(new Response.Fetch(number, data));
    }

    private Done done(UidSet unmet, UidSet asked) {
        SequenceSet modified = command.numbering() == Numbering.UID
                ? MessageNumbers.toSequenceSet(unmet)
                : mailbox.numbers().numbersOf(unmet);
        if (modified != null) {
            return Done.ok(new ResponseCode.Modified(modified), "Conditional STORE failed for some");
        }
        boolean isAnyGone = command.numbering() == Numbering.SEQUENCE && mailbox.isAnyGone(asked);
        return isAnyGone ? Done.no(Word.EXPUNGEISSUED, "Some messages are gone") : Done.ok("STORE completed");
    }
}
