package io.roost.mailstore.imap.command;

import io.roost.mailstore.imap.session.MessageNumbers;
import io.roost.mailstore.imap.session.SelectedMailbox;
import io.roost.mailstore.imap.session.SelectedMailbox.Expunges;
import io.roost.mailstore.imap.syntax.Command;
import io.roost.mailstore.imap.syntax.Command.SearchReturn;
import io.roost.mailstore.imap.syntax.Numbering;
import io.roost.mailstore.imap.syntax.Response;
import io.roost.mailstore.imap.syntax.Response.ESearchItem;
import io.roost.mailstore.imap.syntax.Response.ESearchNumberName;
import io.roost.mailstore.imap.syntax.ResponseCode;
import io.roost.mailstore.imap.syntax.SequenceSet;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.mailstore.mailbox.NumberedMessage;
import io.roost.mailstore.mailbox.UidSet;
import io.roost.mailstore.mime.HeaderText;
import io.roost.mailstore.mime.MimeCodec;
import io.roost.mailstore.mime.MimeScanner;
import io.roost.mailstore.search.Candidate;
import io.roost.mailstore.search.SearchMatcher;
import io.roost.mailstore.search.SearchScope;
import io.roost.mailstore.search.Verdict;
import io.vertx.core.Future;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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

    SearchCommand(UserSession user, Command.Search command, String tag) {
        this.user = user;
        this.mailbox = user.selected();
        this.command = command;
        this.tag = tag;
    }

    Future<Done> run() {
        Charset charset = command.charset() == null ? StandardCharsets.UTF_8 : HeaderText.charset(command.charset());
        boolean isSaving = returns(SearchReturn.SAVE);
        if (charset == null) {
            if (isSaving) {
                // RFC 5182 2.1: a SEARCH that fails empties the saved result.
                mailbox.save(UidSet.EMPTY);
            }
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
            user.session().enableCondStore();
        }
        UidSet all = mailbox.numbers().uids();
        Future<Void> searched = all.isEmpty() ? Future.succeededFuture() : page(all, 1);
        return searched.compose(unused -> {
            answer();
            Expunges expunges = command.numbering() == Numbering.UID ? Expunges.TOLD : Expunges.HELD;
            return user.syncAnd(expunges, Done.ok("SEARCH completed"));
        });
    }

    private Future<Void> page(UidSet uids, long fromUid) {
        return user.store().records(mailbox.folder(), uids, fromUid).compose(page -> {
            List<NumberedMessage> open = new ArrayList<>();
            for (NumberedMessage each : page.messages()) {
                if (decide(Candidate.of(each)) == Verdict.OPEN) {
                    open.add(each);
                }
            }
            Future<Void> decided = byContents(open, 0);
            return page.resumeAt() == 0 ? decided : decided.compose(unused -> page(uids, page.resumeAt()));
        });
    }

    private Verdict decide(Candidate candidate) {
        Verdict verdict = matcher.matches(candidate);
        if (verdict == Verdict.YES) {
            matches.put(candidate.message().uid(), candidate.message().message().modSeq());
        }
        return verdict;
    }

    private Future<Void> byContents(List<NumberedMessage> open, int from) {
        if (from == open.size()) {
            return Future.succeededFuture();
        }
        int end = Math.min(open.size(), from + CONTENTS_AT_ONCE);
        List<EmailId> emails = open.subList(from, end).stream()
                .map(each -> each.message().email())
                .toList();
        return user.store()
                .contents(emails)
                .compose(rows -> {
                    List<Candidate> undecided = new ArrayList<>();
                    for (int i = 0; i < rows.size(); i++) {
                        Candidate candidate = Candidate.of(open.get(from + i));
                        if (!rows.get(i).structure().isEmpty()) {
                            candidate =
                                    candidate.with(MimeCodec.decode(rows.get(i).structure()));
                        }
                        if (candidate.structure() == null || decide(candidate) == Verdict.OPEN) {
                            undecided.add(candidate);
                        }
                    }
                    return byBodies(undecided, 0);
                })
                .compose(unused -> byContents(open, end));
    }

    private Future<Void> byBodies(List<Candidate> undecided, int at) {
        if (at == undecided.size()) {
            return Future.succeededFuture();
        }
        Candidate candidate = undecided.get(at);
        return user.store()
                .message(candidate.message().message().email())
                .otherwise(failure -> null)
                .compose(bytes -> {
                    if (bytes != null) {
                        Candidate whole = candidate.with(bytes);
                        decide(whole.structure() == null ? whole.with(MimeScanner.scan(bytes.array())) : whole);
                    }
                    return byBodies(undecided, at + 1);
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
            mailbox.save(saved(uids));
        }
        if (command.options() == null && !user.session().isRev2()) {
            user.told().tell(new Response.SearchResult(set(uids), modSeq(uids)));
        } else {
            answerExtended(uids);
        }
    }

    /** RFC 5182 2.4: with MIN or MAX alone these are what is saved. */
    private UidSet saved(UidSet uids) {
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

    private long modSeq(UidSet uids) {
        if (!matcher.hasModSeq() || uids.isEmpty()) {
            return Response.NO_MODSEQ;
        }
        return matches.values().stream().mapToLong(modSeq -> modSeq).max().orElse(Response.NO_MODSEQ);
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
