package io.roost.mailstore.imap.command;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.classes.StoreClass;
import io.roost.mailstore.imap.session.SelectedMailbox;
import io.roost.mailstore.imap.session.SelectedMailbox.Detail;
import io.roost.mailstore.imap.session.SelectedMailbox.Expunges;
import io.roost.mailstore.imap.syntax.Command;
import io.roost.mailstore.imap.syntax.Command.Access;
import io.roost.mailstore.imap.syntax.Command.FetchOptions;
import io.roost.mailstore.imap.syntax.FetchItem;
import io.roost.mailstore.imap.syntax.FetchItem.Attribute;
import io.roost.mailstore.imap.syntax.FetchItem.Peek;
import io.roost.mailstore.imap.syntax.Numbering;
import io.roost.mailstore.imap.syntax.ResponseCode.Word;
import io.roost.mailstore.imap.syntax.SequenceSet;
import io.roost.mailstore.mailbox.ContentRow;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.mailstore.mailbox.NumberedMessage;
import io.roost.mailstore.mailbox.UidSet;
import io.roost.mailstore.store.MailException;
import io.roost.mailstore.store.MessageBodies;
import io.roost.mailstore.store.Steps;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * FETCH and UID FETCH (RFC 9051 6.4.5). Page by page: records, what is known of their contents, bodies one after the
 * other, each written before the next is read, so that a slow client holds one message in memory, and of a large one a piece.
 */
final class FetchCommand {
    private static final int CONTENTS_AT_ONCE = 100;

    private final UserSession user;
    private final SelectedMailbox mailbox;
    private final Command.Fetch command;
    private final List<FetchItem> items;
    private final FetchNeeds needs;
    private long found;
    private int unreadable;

    FetchCommand(UserSession user, Command.Fetch command) {
        this.user = user;
        this.mailbox = user.selected();
        this.command = command;
        this.items = new ArrayList<>(command.items());
        if (command.numbering() == Numbering.UID && !items.contains(Attribute.UID)) {
            // RFC 9051 6.4.9.
            items.add(0, Attribute.UID);
        }
        if (command.options().changedSince() != FetchOptions.ANY && !items.contains(Attribute.MODSEQ)) {
            items.add(Attribute.MODSEQ);
        }
        this.needs = FetchNeeds.of(items);
    }

    Future<Done> run() {
        boolean isBeyond = command.numbering() == Numbering.SEQUENCE
                && command.set() instanceof SequenceSet numbers
                && mailbox.numbers().isBeyond(numbers);
        if (isBeyond) {
            return Future.succeededFuture(Done.bad("Message number beyond the last"));
        }
        if (needs.hasModSeq() || command.options().changedSince() != FetchOptions.ANY) {
            user.session().enabled().condStore();
        }
        boolean isVanished = command.options().vanished() == Command.Vanished.YES;
        boolean canVanish = user.session().enabled().detail() == Detail.QRESYNC
                && command.numbering() == Numbering.UID
                && command.set() instanceof SequenceSet;
        if (isVanished && !canVanish) {
            return Future.succeededFuture(Done.bad("VANISHED needs UID FETCH of a set, and QRESYNC"));
        }
        UidSet uids = Partials.of(
                mailbox.resolve(command.set(), command.numbering()),
                command.options().partial());
        Future<Void> vanished = isVanished
                ? new VanishedUids(user, mailbox)
                        .tell((SequenceSet) command.set(), command.options().changedSince())
                : Future.succeededFuture();
        Expunges expunges = command.numbering() == Numbering.UID ? Expunges.TOLD : Expunges.HELD;
        return vanished.compose(unused -> user.store().eachPageAsOf(mailbox.folder(), uids, this::page))
                // When nothing had changed as of the last records read there is no news to ask for.
                .compose(modSeq -> modSeq == mailbox.knownModSeq() && !needs.setsSeen() && !mailbox.holdsExpunges()
                        ? Future.succeededFuture(done(uids))
                        : user.syncAnd(expunges, done(uids)));
    }

    private Done done(UidSet uids) {
        if (unreadable > 0) {
            // One missing body is one message's matter; the others have been told.
            return Done.no(Word.CORRUPTION, unreadable + " messages cannot be read");
        }
        return found < uids.count()
                ? Done.ok(Word.EXPUNGEISSUED, "Some messages are gone")
                : Done.ok("FETCH completed");
    }

    private Future<Void> page(List<NumberedMessage> page) {
        found += page.size();
        List<NumberedMessage> messages = page.stream()
                .filter(each -> each.message().modSeq() > command.options().changedSince())
                .toList();
        return user.syncKeywords(messages).compose(unused -> seen(messages)).compose(this::contents);
    }

    /** Sets \Seen where the client's items do so; the messages as they are then. */
    private Future<List<NumberedMessage>> seen(List<NumberedMessage> messages) {
        boolean isSetting = needs.setsSeen() && mailbox.access() == Access.READ_WRITE;
        UidSet.Builder unseen = new UidSet.Builder();
        if (isSetting) {
            messages.stream()
                    .filter(each -> !each.message().flags().has(MailFlags.SEEN))
                    .forEach(each -> unseen.add(each.uid()));
        }
        UidSet uids = unseen.build();
        if (uids.isEmpty()) {
            return Future.succeededFuture(messages);
        }
        StoreClass.Change change =
                new StoreClass.Change(StoreClass.UNCONDITIONAL, StoreClass.Mode.ADD, MailFlags.SEEN, List.of());
        return user.store()
                .store(mailbox.folder(), uids, mailbox.knownModSeq(), change)
                .map(pages -> marked(messages, pages));
    }

    private List<NumberedMessage> marked(List<NumberedMessage> messages, List<StoreClass.Reply> pages) {
        Map<Long, NumberedMessage> marked = new HashMap<>();
        messages.forEach(each -> marked.put(each.uid(), each));
        for (StoreClass.Reply page : pages) {
            // What others have changed too is told once more, after the keywords that it may bring.
            boolean isNews = page.stored().stream().anyMatch(each -> each.before() == StoreClass.Before.NEWS);
            if (!isNews) {
                mailbox.answered(page.modSeq());
            }
            for (StoreClass.Stored stored : page.stored()) {
                if (stored.effect() == StoreClass.Effect.CHANGED) {
                    marked.computeIfPresent(
                            stored.uid(),
                            (uid, each) ->
                                    new NumberedMessage(uid, each.message().with(stored.flags(), page.modSeq())));
                }
            }
        }
        return messages.stream().map(each -> marked.get(each.uid())).toList();
    }

    /** What is known of the contents of some messages, then of the next. */
    private Future<Void> contents(List<NumberedMessage> messages) {
        if (!needs.hasContent()) {
            return withoutContents(messages);
        }
        int[] from = {0};
        return Steps.repeat(() -> {
            int end = Math.min(messages.size(), from[0] + CONTENTS_AT_ONCE);
            List<NumberedMessage> some = messages.subList(from[0], end);
            from[0] = end;
            return user.store()
                    .contents(some.stream().map(each -> each.message().email()).toList())
                    .compose(rows -> write(some, rows))
                    .map(unused -> end < messages.size());
        });
    }

    /** Messages of which no structure is told. */
    private Future<Void> withoutContents(List<NumberedMessage> messages) {
        if (!needs.hasBody()) {
            messages.forEach(each -> write(each, null, null));
            return flush();
        }
        Iterator<NumberedMessage> left = messages.iterator();
        return Steps.repeat(() -> left.hasNext() ? withBody(left.next(), null) : Future.succeededFuture(false));
    }

    private Future<Boolean> withBody(NumberedMessage message, ContentRow known) {
        boolean isLarge = message.message().sizeBytes() > StreamedAnswer.LARGE_BYTES;
        if (isLarge
                && StreamedAnswer.isPossible(items, known)
                && !user.store().bodies().isSuspect(message.message().email())) {
            return streamed(message, known);
        }
        return user.store()
                .bodies()
                .withMessage(message.message().email(), message.message().sizeBytes(), body -> {
                    if (body == null) {
                        unreadable++;
                    } else {
                        write(message, known, body);
                    }
                    return flush().map(true);
                });
    }

    private Future<Boolean> streamed(NumberedMessage message, ContentRow known) {
        EmailId email = message.message().email();
        long number = mailbox.numbers().numberOf(message.uid());
        if (number == 0) {
            return Future.succeededFuture(true);
        }
        return user.store()
                .bodies()
                .withReader(email, reader -> {
                    if (reader == null) {
                        throw new MailException(MailStatus.NO_SUCH_BODY);
                    }
                    FetchAnswer answer = new FetchAnswer(user, mailbox, message, known, null);
                    return flush().compose(flushed ->
                            new StreamedAnswer(user.told(), answer, reader).write(number, items, added()));
                })
                .map(true)
                .recover(failure -> {
                    if (MessageBodies.isUnreadable(failure)) {
                        unreadable++;
                        return Future.succeededFuture(true);
                    }
                    if (failure instanceof BrokenAnswerException) {
                        user.store().bodies().suspect(email);
                    }
                    return Future.failedFuture(failure);
                });
    }

    private Added added() {
        return needs.setsSeen() && !items.contains(Attribute.FLAGS) ? Added.FLAGS : Added.NONE;
    }

    /** Writes messages one after the other, those with bodies each before the next is read. */
    private Future<Void> write(List<NumberedMessage> messages, List<ContentRow> rows) {
        Iterator<ContentRow> row = rows.iterator();
        Iterator<NumberedMessage> left = messages.iterator();
        return Steps.repeat(() -> {
            if (!left.hasNext()) {
                return flush().map(false);
            }
            NumberedMessage each = left.next();
            ContentRow known = row.next();
            // A structure that is too large to be kept is made from the body.
            if (!needs.hasBody() && !known.structure().isEmpty()) {
                write(each, known, null);
                return Future.succeededFuture(true);
            }
            return withBody(each, known);
        });
    }

    private Future<Void> flush() {
        Bytes written = user.told().writer().take();
        return written.isEmpty() ? Future.succeededFuture() : user.told().write(written);
    }

    private void write(NumberedMessage each, ContentRow row, Bytes body) {
        long number = mailbox.numbers().numberOf(each.uid());
        if (number > 0) {
            new FetchAnswer(user, mailbox, each, row, body).write(number, items, added());
        }
    }

    /** What is told beside what was asked for. */
    enum Added {
        /** Nothing. */
        NONE,
        /** Flags, which this command may have changed. */
        FLAGS
    }

    /** What the items of a FETCH need. */
    private record FetchNeeds(boolean hasContent, boolean hasBody, boolean setsSeen, boolean hasModSeq) {
        static FetchNeeds of(List<FetchItem> items) {
            boolean hasContent = false;
            boolean hasBody = false;
            boolean setsSeen = false;
            boolean hasModSeq = false;
            for (FetchItem item : items) {
                if (item instanceof FetchItem.Body body) {
                    hasBody = true;
                    hasContent |= !body.section().isWhole();
                    setsSeen |= body.peek() == Peek.NO;
                } else if (item instanceof FetchItem.Binary binary) {
                    hasBody = true;
                    hasContent = true;
                    setsSeen |= binary.peek() == Peek.NO;
                } else if (item instanceof FetchItem.BinarySize) {
                    hasBody = true;
                    hasContent = true;
                } else if (item instanceof FetchItem.Preview) {
                    hasContent = true;
                } else if (item instanceof Attribute attribute) {
                    hasContent |= attribute == Attribute.ENVELOPE
                            || attribute == Attribute.BODY
                            || attribute == Attribute.BODYSTRUCTURE
                            || attribute == Attribute.RFC822_HEADER
                            || attribute == Attribute.RFC822_TEXT;
                    hasBody |= attribute == Attribute.RFC822
                            || attribute == Attribute.RFC822_HEADER
                            || attribute == Attribute.RFC822_TEXT;
                    setsSeen |= attribute == Attribute.RFC822 || attribute == Attribute.RFC822_TEXT;
                    hasModSeq |= attribute == Attribute.MODSEQ;
                }
            }
            return new FetchNeeds(hasContent, hasBody, setsSeen, hasModSeq);
        }
    }
}
