package io.roost.mailstore.imap.command;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.imap.session.SelectedMailbox;
import io.roost.mailstore.imap.session.SelectedMailbox.Expunges;
import io.roost.mailstore.imap.syntax.Command;
import io.roost.mailstore.imap.syntax.Command.SearchReturn;
import io.roost.mailstore.imap.syntax.Numbering;
import io.roost.mailstore.imap.syntax.Response;
import io.roost.mailstore.imap.syntax.Response.Condition;
import io.roost.mailstore.imap.syntax.Response.ESearchItem;
import io.roost.mailstore.imap.syntax.Response.ESearchNumberName;
import io.roost.mailstore.imap.syntax.ResponseCode;
import io.roost.mailstore.imap.syntax.ResponseCode.Word;
import io.roost.mailstore.imap.syntax.SequenceSet;
import io.roost.mailstore.mailbox.NumberedMessage;
import io.roost.mailstore.mailbox.UidSet;
import io.roost.mailstore.mime.HeaderText;
import io.roost.mailstore.search.Candidate;
import io.roost.mailstore.search.MessageOrder;
import io.roost.mailstore.search.SearchMatcher;
import io.roost.mailstore.search.SearchScope;
import io.vertx.core.Future;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * SEARCH and SORT, of numbers and of UIDs (RFC 9051 6.4.4, RFC 4731, RFC 5182, RFC 5256, RFC 5267, RFC 9394): what is found
 * is put in order, SEARCH's that of UIDs, and as much of it is told as is asked for.
 */
final class SearchCommand {
    /** Messages that are sorted by more than their records: what they are compared by is in memory. */
    private static final int MAX_SORTED = 200_000;

    /**
     * A match.
     *
     * @param rank what it is compared by
     */
    private record Found(long uid, long modSeq, Bytes rank) {}

    private final UserSession user;
    private final SelectedMailbox mailbox;
    private final Command.Search command;
    private final List<Command.SortKey> sortKeys;
    private final MessageOrder order;
    private final String tag;
    private final List<Found> matches = new ArrayList<>();
    private SearchMatcher matcher;
    private boolean isTooMany;

    /** A SEARCH. */
    SearchCommand(UserSession user, Command.Search command, String tag) {
        this(user, command, List.of(), tag);
    }

    /** A SORT. */
    SearchCommand(UserSession user, Command.Sort command, String tag) {
        this(user, command.search(), command.keys(), tag);
    }

    private SearchCommand(UserSession user, Command.Search command, List<Command.SortKey> sortKeys, String tag) {
        this.user = user;
        this.mailbox = user.selected();
        this.command = command;
        this.sortKeys = sortKeys;
        this.order = new MessageOrder(sortKeys);
        this.tag = tag;
    }

    Future<Done> run() {
        return search().map(this::emptied).onFailure(failure -> emptied(Done.of(failure)));
    }

    /** RFC 5182 2.1: a SEARCH that fails empties the saved result. */
    private Done emptied(Done done) {
        if (returns(SearchReturn.SAVE) && done.condition() == Condition.NO) {
            mailbox.save(UidSet.EMPTY);
        }
        return done;
    }

    private Future<Done> search() {
        Charset charset = command.charset() == null ? StandardCharsets.UTF_8 : HeaderText.charset(command.charset());
        if (charset == null) {
            return Future.succeededFuture(
                    Done.no(new ResponseCode.BadCharset(List.of("UTF-8", "US-ASCII")), "Unknown charset"));
        }
        matcher = new SearchMatcher(
                command.key(),
                new SearchScope(
                        mailbox.header(),
                        (set, numbering) -> mailbox.resolve(set, numbering),
                        charset,
                        user.nowMillis()));
        if (matcher.hasModSeq()) {
            user.session().enabled().condStore();
        }
        boolean isByUid = command.numbering() == Numbering.UID && !matcher.hasNumbers();
        MessageSearch.Needed needed =
                order.isByStructure() ? MessageSearch.Needed.STRUCTURE : MessageSearch.Needed.RECORD;
        return new MessageSearch(user, matcher, needed, this::found).run().compose(unreadable -> {
            if (isTooMany) {
                return Future.succeededFuture(Done.no(Word.LIMIT, "Too many messages to be sorted"));
            }
            matches.sort(Comparator.comparing(Found::rank).thenComparingLong(Found::uid));
            answer();
            return user.syncAnd(isByUid ? Expunges.TOLD : Expunges.HELD, done(unreadable));
        });
    }

    private void found(Candidate candidate) {
        if (order.isByStructure() && matches.size() == MAX_SORTED) {
            isTooMany = true;
            return;
        }
        NumberedMessage message = candidate.message();
        matches.add(new Found(message.uid(), message.message().modSeq(), order.rank(candidate)));
    }

    private Done done(int unreadable) {
        // What cannot be read is one message's matter: the others are told.
        return unreadable > 0
                ? Done.ok(Word.CORRUPTION, unreadable + " messages cannot be read")
                : Done.ok((sortKeys.isEmpty() ? "SEARCH" : "SORT") + " completed");
    }

    private boolean returns(SearchReturn option) {
        return command.options() != null && command.options().returns().contains(option);
    }

    private void answer() {
        if (returns(SearchReturn.SAVE)) {
            // RFC 5182 2.4: with MIN or MAX alone these are what is saved.
            UidSet.Builder saved = new UidSet.Builder();
            ends().stream().map(Found::uid).sorted().forEach(saved::add);
            mailbox.save(saved.build());
        }
        if (command.options() != null
                || (sortKeys.isEmpty() && user.session().enabled().isRev2())) {
            answerExtended();
        } else if (sortKeys.isEmpty()) {
            user.told().tell(new Response.SearchResult(set(matches), modSeq()));
        } else {
            user.told()
                    .tell(new Response.SortResult(
                            matches.stream().map(this::number).toList(), modSeq()));
        }
    }

    /** The first or last match, or both, when nothing else is asked for; else all. */
    private List<Found> ends() {
        boolean isWhole = returns(SearchReturn.ALL)
                || returns(SearchReturn.COUNT)
                || !(returns(SearchReturn.MIN) || returns(SearchReturn.MAX));
        if (isWhole || matches.isEmpty()) {
            return matches;
        }
        List<Found> ends = new ArrayList<>();
        if (returns(SearchReturn.MIN)) {
            ends.add(matches.get(0));
        }
        if (returns(SearchReturn.MAX) && !(returns(SearchReturn.MIN) && matches.size() == 1)) {
            ends.add(matches.get(matches.size() - 1));
        }
        return ends;
    }

    /** RFC 7162 3.1.5: the highest of what is told: with MIN or MAX alone that of these messages. */
    private long modSeq() {
        if (!matcher.hasModSeq()) {
            return Response.NO_MODSEQ;
        }
        List<Found> told = command.options() == null || command.options().partial() != null ? matches : ends();
        return told.stream().mapToLong(Found::modSeq).max().orElse(Response.NO_MODSEQ);
    }

    private long number(Found found) {
        return command.numbering() == Numbering.UID
                ? found.uid
                : mailbox.numbers().numberOf(found.uid);
    }

    /** Numbers in their order: a range stands for what follows each other upwards. */
    private SequenceSet set(List<Found> some) {
        List<SequenceSet.Range> ranges = new ArrayList<>();
        long first = 0;
        long last = 0;
        for (Found each : some) {
            long number = number(each);
            if (first != 0 && number != last + 1) {
                ranges.add(new SequenceSet.Range(first, last));
                first = 0;
            }
            first = first == 0 ? number : first;
            last = number;
        }
        if (first == 0) {
            return null;
        }
        ranges.add(new SequenceSet.Range(first, last));
        return new SequenceSet(ranges);
    }

    private void answerExtended() {
        Command.SearchOptions options = command.options() == null
                ? new Command.SearchOptions(List.of(SearchReturn.ALL), null)
                : command.options();
        boolean isOnlySave = options.returns().equals(List.of(SearchReturn.SAVE)) && options.partial() == null;
        if (isOnlySave) {
            return;
        }
        List<ESearchItem> items = new ArrayList<>();
        if (!matches.isEmpty() && options.returns().contains(SearchReturn.MIN)) {
            items.add(new Response.ESearchNumber(ESearchNumberName.MIN, number(matches.get(0))));
        }
        if (!matches.isEmpty() && options.returns().contains(SearchReturn.MAX)) {
            items.add(new Response.ESearchNumber(ESearchNumberName.MAX, number(matches.get(matches.size() - 1))));
        }
        if (!matches.isEmpty() && options.returns().contains(SearchReturn.ALL)) {
            items.add(new Response.ESearchAll(set(matches)));
        }
        if (options.returns().contains(SearchReturn.COUNT)) {
            items.add(new Response.ESearchNumber(ESearchNumberName.COUNT, matches.size()));
        }
        if (options.partial() != null) {
            Partials.Positions positions = Partials.positions(matches.size(), options.partial());
            List<Found> part = matches.subList((int) positions.begin(), (int) positions.end());
            items.add(new Response.ESearchPartial(options.partial(), set(part)));
        }
        if (modSeq() != Response.NO_MODSEQ) {
            items.add(new Response.ESearchNumber(ESearchNumberName.MODSEQ, modSeq()));
        }
        user.told().tell(new Response.ESearch(tag, command.numbering(), items));
    }
}
