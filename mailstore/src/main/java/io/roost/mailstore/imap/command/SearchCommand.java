package io.roost.mailstore.imap.command;

import io.roost.mailstore.imap.session.MessageNumbers;
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
import io.roost.mailstore.mailbox.MessageRecord;
import io.roost.mailstore.mailbox.NumberedMessage;
import io.roost.mailstore.mailbox.UidSet;
import io.roost.mailstore.mime.HeaderText;
import io.roost.mailstore.mime.MimeCodec;
import io.roost.mailstore.mime.MimeScanner;
import io.roost.mailstore.search.Candidate;
import io.roost.mailstore.search.SearchMatcher;
import io.roost.mailstore.search.SearchScope;
import io.roost.mailstore.search.Verdict;
import io.roost.mailstore.store.Steps;
import io.vertx.core.Future;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;

/**
 * SEARCH and UID SEARCH (RFC 9051 6.4.4, RFC 4731, RFC 5182, RFC 9394): page by page over the records; contents are asked
 * for where the records do not decide, and bodies, one after the other, where these do not.
 */
final class SearchCommand {
    private static final int CONTENTS_AT_ONCE = 100;

    private final UserSession user;
    private final SelectedMailbox mailbox;
    private final Command.Search command;
    private final String tag;
    private final TreeMap<Long, Long> matches = new TreeMap<>();
    private SearchMatcher matcher;
    private int unreadable;

    SearchCommand(UserSession user, Command.Search command, String tag) {
        this.user = user;
        this.mailbox = user.selected();
        this.command = command;
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
        return user.store()
                .eachPage(mailbox.folder(), mailbox.numbers().uids(), this::page)
                .compose(unused -> {
                    answer();
                    return user.syncAnd(isByUid ? Expunges.TOLD : Expunges.HELD, done());
                });
    }

    private Done done() {
        // What cannot be read is one message's matter: the others are told.
        return unreadable > 0
                ? Done.ok(Word.CORRUPTION, unreadable + " messages cannot be read")
                : Done.ok("SEARCH completed");
    }

    private Future<Void> page(List<NumberedMessage> page) {
        List<NumberedMessage> open = new ArrayList<>();
        for (NumberedMessage each : page) {
            if (decide(Candidate.of(each)) == Verdict.OPEN) {
                open.add(each);
            }
        }
        int[] from = {0};
        return Steps.repeat(() -> {
            int end = Math.min(open.size(), from[0] + CONTENTS_AT_ONCE);
            List<NumberedMessage> some = open.subList(from[0], end);
            from[0] = end;
            return byContents(some).map(unused -> end < open.size());
        });
    }

    private Verdict decide(Candidate candidate) {
        Verdict verdict = matcher.matches(candidate);
        if (verdict == Verdict.YES) {
            matches.put(candidate.message().uid(), candidate.message().message().modSeq());
        }
        return verdict;
    }

    private Future<Void> byContents(List<NumberedMessage> open) {
        return user.store()
                .contents(open.stream().map(each -> each.message().email()).toList())
                .compose(rows -> {
                    List<Candidate> undecided = new ArrayList<>();
                    for (int i = 0; i < rows.size(); i++) {
                        Candidate candidate = Candidate.of(open.get(i));
                        if (!rows.get(i).structure().isEmpty()) {
                            candidate =
                                    candidate.with(MimeCodec.decode(rows.get(i).structure()));
                        }
                        if (candidate.structure() == null || decide(candidate) == Verdict.OPEN) {
                            undecided.add(candidate);
                        }
                    }
                    return byBodies(undecided.iterator());
                });
    }

    /** One message after the other, so that one is in memory. */
    private Future<Void> byBodies(Iterator<Candidate> undecided) {
        return Steps.repeat(() -> {
            if (!undecided.hasNext()) {
                return Future.succeededFuture(false);
            }
            Candidate candidate = undecided.next();
            MessageRecord record = candidate.message().message();
            return user.store().withMessage(record.email(), record.sizeBytes(), bytes -> {
                if (bytes == null) {
                    unreadable++;
                } else {
                    Candidate whole = candidate.with(bytes);
                    decide(whole.structure() == null ? whole.with(MimeScanner.scan(bytes.array())) : whole);
                }
                return Future.succeededFuture(true);
            });
        });
    }

    private boolean returns(SearchReturn option) {
        return command.options() != null && command.options().returns().contains(option);
    }

    private void answer() {
        UidSet.Builder builder = new UidSet.Builder();
        matches.keySet().forEach(builder::add);
        UidSet uids = builder.build();
        if (returns(SearchReturn.SAVE)) {
            // RFC 5182 2.4: with MIN or MAX alone these are what is saved.
            mailbox.save(ends(uids));
        }
        if (command.options() == null && !user.session().enabled().isRev2()) {
            user.told().tell(new Response.SearchResult(set(uids), modSeq(uids)));
        } else {
            answerExtended(uids);
        }
    }

    /** The first or last of the UIDs, or both, when nothing else of them is asked for; else all. */
    private UidSet ends(UidSet uids) {
        boolean isWhole = returns(SearchReturn.ALL)
                || returns(SearchReturn.COUNT)
                || !(returns(SearchReturn.MIN) || returns(SearchReturn.MAX));
        if (isWhole || uids.isEmpty()) {
            return uids;
        }
        UidSet.Builder ends = new UidSet.Builder();
        long min = matches.firstKey();
        long max = matches.lastKey();
        if (returns(SearchReturn.MIN)) {
            ends.add(min);
        }
        if (returns(SearchReturn.MAX) && !(returns(SearchReturn.MIN) && min == max)) {
            ends.add(max);
        }
        return ends.build();
    }

    /** RFC 7162 3.1.5: the highest of what is told: with MIN or MAX alone that of these messages. */
    private long modSeq(UidSet uids) {
        if (!matcher.hasModSeq() || uids.isEmpty()) {
            return Response.NO_MODSEQ;
        }
        UidSet told = command.options() == null || command.options().partial() != null ? uids : ends(uids);
        return told.equals(uids)
                ? Collections.max(matches.values())
                : Collections.max(told.toList().stream().map(matches::get).toList());
    }

    private SequenceSet set(UidSet uids) {
        return command.numbering() == Numbering.UID
                ? MessageNumbers.toSequenceSet(uids)
                : mailbox.numbers().numbersOf(uids);
    }

    private long number(long uid) {
        return command.numbering() == Numbering.UID ? uid : mailbox.numbers().numberOf(uid);
    }

    private void answerExtended(UidSet uids) {
        Command.SearchOptions options = command.options() == null
                ? new Command.SearchOptions(List.of(SearchReturn.ALL), null)
                : command.options();
        boolean isOnlySave = options.returns().equals(List.of(SearchReturn.SAVE)) && options.partial() == null;
        if (isOnlySave) {
            return;
        }
        List<ESearchItem> items = new ArrayList<>();
        if (!uids.isEmpty() && options.returns().contains(SearchReturn.MIN)) {
            items.add(new Response.ESearchNumber(ESearchNumberName.MIN, number(matches.firstKey())));
        }
        if (!uids.isEmpty() && options.returns().contains(SearchReturn.MAX)) {
            items.add(new Response.ESearchNumber(ESearchNumberName.MAX, number(matches.lastKey())));
        }
        if (!uids.isEmpty() && options.returns().contains(SearchReturn.ALL)) {
            items.add(new Response.ESearchAll(set(uids)));
        }
        if (options.returns().contains(SearchReturn.COUNT)) {
            items.add(new Response.ESearchNumber(ESearchNumberName.COUNT, uids.count()));
        }
        if (options.partial() != null) {
            items.add(new Response.ESearchPartial(options.partial(), set(Partials.of(uids, options.partial()))));
        }
        if (modSeq(uids) != Response.NO_MODSEQ) {
            items.add(new Response.ESearchNumber(ESearchNumberName.MODSEQ, modSeq(uids)));
        }
        user.told().tell(new Response.ESearch(tag, command.numbering(), items));
    }
}
