package io.roost.mailstore.imap.command;

import io.roost.mailstore.mailbox.MessageRecord;
import io.roost.mailstore.mailbox.NumberedMessage;
import io.roost.mailstore.mime.MimeCodec;
import io.roost.mailstore.mime.MimeScanner;
import io.roost.mailstore.search.Candidate;
import io.roost.mailstore.search.SearchMatcher;
import io.roost.mailstore.search.Verdict;
import io.roost.mailstore.store.Steps;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds messages of the open mailbox: page by page over the records; contents are asked for where the records do not decide,
 * and bodies, one after the other, where these do not.
 */
final class MessageSearch {
    private static final int CONTENTS_AT_ONCE = 100;

    /** What must be known of a message that is found. */
    enum Needed {
        /** Its record. */
        RECORD,
        /** Its structure too. */
        STRUCTURE
    }

    private final UserSession user;
    private final SearchMatcher matcher;
    private final Needed needed;
    private final Consumer<Candidate> found;
    private int unreadable;

    /**
     * A search.
     *
     * @param found is told of each match, not in the order of UIDs
     */
    MessageSearch(UserSession user, SearchMatcher matcher, Needed needed, Consumer<Candidate> found) {
        this.user = user;
        this.matcher = matcher;
        this.needed = needed;
        this.found = found;
    }

    /** Looks at all messages; how many could not be read. */
    Future<Integer> run() {
        return user.store()
                .eachPage(user.selected().folder(), user.selected().numbers().uids(), this::page)
                .map(unused -> unreadable);
    }

    private Future<Void> page(List<NumberedMessage> page) {
        List<NumberedMessage> open = new ArrayList<>();
        for (NumberedMessage each : page) {
            if (!decide(Candidate.of(each))) {
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

    /** False when more of the message must be known. */
    private boolean decide(Candidate candidate) {
        Verdict verdict = matcher.matches(candidate);
        if (verdict == Verdict.YES) {
            if (needed == Needed.STRUCTURE && candidate.structure() == null) {
                return false;
            }
            found.accept(candidate);
        }
        return verdict != Verdict.OPEN;
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
                        if (candidate.structure() == null || !decide(candidate)) {
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
            return user.store().bodies().withMessage(record.email(), record.sizeBytes(), bytes -> {
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
}
