package io.roost.mailstore.imap.command;

import io.roost.cluster.object.Bytes;
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
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * FETCH and UID FETCH (RFC 9051 6.4.5). Page by page: records, what is known of their contents, bodies one after the
 * other, each written before the next is read, so that a slow client holds one message in memory.
 */
final class FetchCommand {
    private final UserSession user;
    private final SelectedMailbox mailbox;
    private final Command.Fetch command;
    private final List<FetchItem> items;
    private final FetchNeeds needs;
    private boolean isAnyMissing;
    private long found;

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
            user.session().enableCondStore();
        }
        boolean isVanished = command.options().vanished() == Command.Vanished.YES;
        if (isVanished && (user.session().detail() != Detail.QRESYNC || command.numbering() != Numbering.UID)) {
            return Future.succeededFuture(Done.bad("VANISHED needs UID FETCH and QRESYNC"));
        }
        UidSet uids = Partials.of(
                mailbox.resolve(command.set(), command.numbering()),
                command.options().partial());
        Future<Void> vanished = isVanished
                ? new VanishedUids(user, mailbox)
                        .tell((SequenceSet) command.set(), command.options().changedSince())
                : Future.succeededFuture();
        Expunges expunges = command.numbering() == Numbering.UID ? Expunges.TOLD : Expunges.HELD;
        return vanished.compose(unused -> page(uids, 1))
                .compose(unused -> user.syncAnd(
                        expunges,
                        isAnyMissing
                                ? Done.ok(Word.EXPUNGEISSUED, "Some messages are gone")
                                : Done.ok("FETCH completed")));
    }

    private Future<Void> page(UidSet uids, long fromUid) {
        if (uids.isEmpty()) {
            return Future.succeededFuture();
        }
        return user.store().records(mailbox.folder(), uids, fromUid).compose(page -> {
            found += page.messages().size();
            List<NumberedMessage> messages = page.messages().stream()
                    .filter(each -> each.message().modSeq() > command.options().changedSince())
                    .toList();
            Future<Void> told = seen(messages).compose(marked -> contents(marked, 0));
            return page.resumeAt() == 0 ? ended(uids, told) : told.compose(unused -> page(uids, page.resumeAt()));
        });
    }

    private Future<Void> ended(UidSet uids, Future<Void> told) {
        isAnyMissing |= found < uids.count();
        return told;
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
        return user.store().store(mailbox.folder(), uids, change).map(reply -> {
            mailbox.answered(reply.modSeq());
            return messages.stream().map(each -> marked(each, reply)).toList();
        });
    }

    private static NumberedMessage marked(NumberedMessage each, StoreClass.Reply reply) {
        return reply.stored().stream()
                .filter(stored -> stored.uid() == each.uid() && stored.effect() == StoreClass.Effect.CHANGED)
                .findAny()
                .map(stored -> new NumberedMessage(each.uid(), each.message().with(stored.flags(), reply.modSeq())))
                .orElse(each);
    }

    /** Contents of one call, then the next. */
    private Future<Void> contents(List<NumberedMessage> messages, int from) {
        if (from == messages.size()) {
            return Future.succeededFuture();
        }
        if (!needs.hasContent()) {
            return write(messages, from, List.of(), messages.size());
        }
        int end = Math.min(messages.size(), from + CONTENTS_AT_ONCE);
        List<EmailId> emails = messages.subList(from, end).stream()
                .map(each -> each.message().email())
                .toList();
        return user.store()
                .contents(emails)
                .compose(rows -> write(messages.subList(from, end), 0, rows, end - from))
                .compose(unused -> contents(messages, end));
    }

    private static final int CONTENTS_AT_ONCE = 100;

    /** Writes messages one after the other. */
    private Future<Void> write(List<NumberedMessage> messages, int at, List<ContentRow> rows, int end) {
        // Without bodies the loop is plain: chained futures of thousands of messages would nest.
        int next = at;
        while (next < end && !needs.hasBody()) {
            writeOne(messages.get(next), rows.isEmpty() ? null : rows.get(next), null);
            next++;
        }
        if (next == end) {
            Bytes written = user.told().writer().take();
            return written.isEmpty() ? Future.succeededFuture() : user.told().write(written);
        }
        NumberedMessage each = messages.get(next);
        ContentRow row = rows.isEmpty() ? null : rows.get(next);
        int following = next + 1;
        return user.store()
                .message(each.message().email())
                .map(body -> body)
                .otherwise(failure -> null)
                .compose(body -> {
                    if (body == null) {
                        // One missing body is one message's matter.
                        isAnyMissing = true;
                    } else {
                        writeOne(each, row, body);
                    }
                    Bytes written = user.told().writer().take();
                    return written.isEmpty()
                            ? Future.succeededFuture()
                            : user.told().write(written);
                })
                .compose(unused -> write(messages, following, rows, end));
    }

    private void writeOne(NumberedMessage each, ContentRow row, Bytes body) {
        long number = mailbox.numbers().numberOf(each.uid());
        if (number > 0) {
            boolean isFlagsAdded = needs.setsSeen() && !items.contains(Attribute.FLAGS);
            new FetchAnswer(user, mailbox, each, row, body)
                    .write(number, items, isFlagsAdded ? Added.FLAGS : Added.NONE);
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
                    setsSeen |= body.peek() == Peek.NO;
                } else if (item instanceof FetchItem.Binary binary) {
                    hasBody = true;
                    setsSeen |= binary.peek() == Peek.NO;
                } else if (item instanceof FetchItem.BinarySize) {
                    hasBody = true;
                } else if (item instanceof FetchItem.Preview) {
                    hasContent = true;
                } else if (item instanceof Attribute attribute) {
                    hasContent |= attribute == Attribute.ENVELOPE
                            || attribute == Attribute.BODY
                            || attribute == Attribute.BODYSTRUCTURE;
                    hasBody |= attribute == Attribute.RFC822
                            || attribute == Attribute.RFC822_HEADER
                            || attribute == Attribute.RFC822_TEXT;
                    setsSeen |= attribute == Attribute.RFC822 || attribute == Attribute.RFC822_TEXT;
                    hasModSeq |= attribute == Attribute.MODSEQ;
                }
            }
            return new FetchNeeds(hasContent || hasBody, hasBody, setsSeen, hasModSeq);
        }
    }
}
