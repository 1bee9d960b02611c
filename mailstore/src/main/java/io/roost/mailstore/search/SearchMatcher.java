package io.roost.mailstore.search;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.imap.syntax.Flag;
import io.roost.mailstore.imap.syntax.Numbering;
import io.roost.mailstore.imap.syntax.SearchKey;
import io.roost.mailstore.imap.syntax.SearchKey.DateIs;
import io.roost.mailstore.imap.syntax.SearchKey.DateOf;
import io.roost.mailstore.imap.syntax.SearchKey.Place;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.mailstore.mailbox.MessageRecord;
import io.roost.mailstore.mailbox.UidSet;
import io.roost.mailstore.mime.Envelope;
import io.roost.mailstore.mime.MessageDate;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Predicate;

/**
 * Decides whether messages meet a condition. Asked again with more of the message while it answers OPEN; with all of it
 * there is always an answer. Sets are resolved once.
 */
public final class SearchMatcher {
    private static final List<Flag> SYSTEM = List.of(Flag.SEEN, Flag.ANSWERED, Flag.FLAGGED, Flag.DELETED, Flag.DRAFT);

    private final SearchKey key;
    private final SearchScope scope;
    private final IdentityHashMap<SearchKey, UidSet> sets = new IdentityHashMap<>();

    /** A matcher of a condition. */
    public SearchMatcher(SearchKey key, SearchScope scope) {
        this.key = key;
        this.scope = scope;
    }

    /** Whether a message meets the condition. */
    public Verdict matches(Candidate candidate) {
        return matches(key, candidate);
    }

    /** True when the condition looks at MODSEQ, so that the answer tells it (RFC 7162 3.1.5). */
    public boolean hasModSeq() {
        return hasAny(key, each -> each instanceof SearchKey.ModSeq);
    }

    /** True when the condition names message numbers, which must mean the same until it is answered (RFC 7162 3.2.10.2). */
    public boolean hasNumbers() {
        return hasAny(key, each -> each instanceof SearchKey.InSet in && in.numbering() == Numbering.SEQUENCE);
    }

    private static boolean hasAny(SearchKey at, Predicate<SearchKey> what) {
        if (at instanceof SearchKey.And and) {
            return and.keys().stream().anyMatch(each -> hasAny(each, what));
        }
        if (at instanceof SearchKey.Or or) {
            return hasAny(or.one(), what) || hasAny(or.other(), what);
        }
        return at instanceof SearchKey.Not not ? hasAny(not.key(), what) : what.test(at);
    }

    private Verdict matches(SearchKey at, Candidate candidate) {
        if (at instanceof SearchKey.And and) {
            return all(and.keys(), candidate);
        }
        if (at instanceof SearchKey.Or or) {
            Verdict one = matches(or.one(), candidate);
            Verdict other = one == Verdict.YES ? Verdict.YES : matches(or.other(), candidate);
            return other == Verdict.YES || one == Verdict.NO ? other : one;
        }
        if (at instanceof SearchKey.Not not) {
            return matches(not.key(), candidate).negated();
        }
        if (at instanceof SearchKey.Contains contains) {
            return contains(contains, candidate);
        }
        if (at instanceof SearchKey.Header header) {
            return candidate.bytes() == null
                    ? Verdict.OPEN
                    : Verdict.of(MessageText.headerContains(candidate, header.field(), text(header.string())));
        }
        if (at instanceof SearchKey.Date date && date.of() == DateOf.SENT) {
            return sent(date, candidate);
        }
        return Verdict.of(
                byRecord(at, candidate.message().uid(), candidate.message().message()));
    }

    private Verdict all(List<SearchKey> keys, Candidate candidate) {
        Verdict verdict = Verdict.YES;
        for (SearchKey each : keys) {
            Verdict one = matches(each, candidate);
            if (one == Verdict.NO) {
                return Verdict.NO;
            }
            verdict = one == Verdict.OPEN ? Verdict.OPEN : verdict;
        }
        return verdict;
    }

    private String text(Bytes string) {
        return MessageText.folded(new String(string.array(), scope.charset()));
    }

    private boolean byRecord(SearchKey at, long uid, MessageRecord record) {
        if (at instanceof SearchKey.Simple simple) {
            return simple != SearchKey.Simple.RECENT;
        }
        if (at instanceof SearchKey.HasFlag has) {
            return hasFlag(has.flag(), record.flags());
        }
        if (at instanceof SearchKey.InSet in) {
            UidSet uids = sets.computeIfAbsent(at, unused -> scope.sets().uids(in.set(), in.numbering()));
            return uids.contains(uid);
        }
        if (at instanceof SearchKey.Date date) {
            long millis = date.of() == DateOf.SAVED ? record.savedMillis() : record.internalMillis();
            return is(date.is(), LocalDate.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC), date.day());
        }
        if (at instanceof SearchKey.Larger larger) {
            return record.sizeBytes() > larger.sizeBytes();
        }
        if (at instanceof SearchKey.Smaller smaller) {
            return record.sizeBytes() < smaller.sizeBytes();
        }
        if (at instanceof SearchKey.Younger younger) {
            return ageSeconds(record) <= younger.seconds();
        }
        if (at instanceof SearchKey.Older older) {
            return ageSeconds(record) > older.seconds();
        }
        if (at instanceof SearchKey.ModSeq modSeq) {
            return record.modSeq() >= modSeq.modSeq();
        }
        // THREADID: Roost tells no thread ids, so no message has one.
        return at instanceof SearchKey.EmailId id && record.email().objectId().equals(id.id());
    }

    private boolean hasFlag(Flag flag, MailFlags flags) {
        int system = SYSTEM.indexOf(flag);
        if (system >= 0) {
            return flags.has(1 << system);
        }
        int bit = flag.isSystem() ? -1 : scope.header().bitOf(flag.name());
        return bit >= 0 && (flags.keywords() >>> bit & 1) != 0;
    }

    private long ageSeconds(MessageRecord record) {
        return (scope.nowMillis() - record.internalMillis()) / 1000;
    }

    private static boolean is(DateIs is, LocalDate date, LocalDate day) {
        return switch (is) {
            case BEFORE -> date.isBefore(day);
            case ON -> date.equals(day);
            case SINCE -> !date.isBefore(day);
        };
    }

    private static Verdict sent(SearchKey.Date date, Candidate candidate) {
        if (candidate.structure() == null) {
            return Verdict.OPEN;
        }
        Bytes field = candidate.structure().envelope().date();
        OffsetDateTime sent = field == null ? null : MessageDate.parse(field);
        // RFC 9051 6.4.4: time and zone are not looked at.
        return Verdict.of(sent != null && is(date.is(), sent.toLocalDate(), date.day()));
    }

    private Verdict contains(SearchKey.Contains contains, Candidate candidate) {
        String wanted = text(contains.string());
        Place place = contains.place();
        if (place == Place.BODY || place == Place.TEXT) {
            return candidate.bytes() == null || candidate.structure() == null
                    ? Verdict.OPEN
                    : Verdict.of(MessageText.contains(candidate, place, wanted));
        }
        if (candidate.structure() == null) {
            return Verdict.OPEN;
        }
        Envelope envelope = candidate.structure().envelope();
        String field = switch (place) {
            case FROM -> MessageText.addresses(envelope.from());
            case TO -> MessageText.addresses(envelope.to());
            case CC -> MessageText.addresses(envelope.cc());
            case BCC -> MessageText.addresses(envelope.bcc());
            default -> MessageText.header(envelope.subject());
        };
        boolean isThere = !wanted.isEmpty() || !field.isEmpty();
        return Verdict.of(isThere && field.contains(wanted));
    }
}
