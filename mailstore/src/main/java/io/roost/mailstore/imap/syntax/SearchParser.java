package io.roost.mailstore.imap.syntax;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.imap.syntax.Command.SearchOptions;
import io.roost.mailstore.imap.syntax.Command.SearchReturn;
import io.roost.mailstore.imap.syntax.Command.SortField;
import io.roost.mailstore.imap.syntax.Command.SortKey;
import io.roost.mailstore.imap.syntax.Command.SortOrder;
import io.roost.mailstore.imap.syntax.SearchKey.DateIs;
import io.roost.mailstore.imap.syntax.SearchKey.DateOf;
import io.roost.mailstore.imap.syntax.SearchKey.HasFlag;
import io.roost.mailstore.imap.syntax.SearchKey.Not;
import io.roost.mailstore.imap.syntax.SearchKey.Place;
import io.roost.mailstore.imap.syntax.SearchKey.Simple;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The arguments of SEARCH and SORT (RFC 9051 6.4.4, RFC 3501, RFC 4731, RFC 5032, RFC 5182, RFC 5256, RFC 7162, RFC 8474,
 * RFC 8514, RFC 9394).
 */
final class SearchParser {
    private final CommandText in;
    private int keys;

    SearchParser(CommandText in) {
        this.in = in;
    }

    Command.Search search(Numbering numbering) {
        SearchOptions options = in.takeSpaceAndWord("RETURN") ? options() : null;
        String charset = null;
        if (in.takeSpaceAndWord("CHARSET")) {
            in.space();
            charset = charset();
        }
        return new Command.Search(numbering, options, charset, program());
    }

    Command.Sort sort(Numbering numbering) {
        SearchOptions options = in.takeSpaceAndWord("RETURN") ? options() : null;
        in.space();
        in.expect('(');
        List<SortKey> sortKeys = new ArrayList<>();
        do {
            sortKeys.add(sortKey());
        } while (in.take(' '));
        in.expect(')');
        in.space();
        String charset = charset();
        return new Command.Sort(sortKeys, new Command.Search(numbering, options, charset, program()));
    }

    private SortKey sortKey() {
        String word = in.word();
        SortOrder order = SortOrder.ASCENDING;
        if (word.equals("REVERSE")) {
            order = SortOrder.DESCENDING;
            in.space();
            word = in.word();
        }
        for (SortField field : SortField.values()) {
            if (field.name().equals(word)) {
                return new SortKey(field, order);
            }
        }
        throw new SyntaxException("Unknown sort key " + word);
    }

    private String charset() {
        return in.textArgument().toUpperCase(Locale.ROOT);
    }

    private SearchOptions options() {
        in.space();
        in.expect('(');
        List<SearchReturn> returns = new ArrayList<>();
        PartialRange partial = null;
        boolean isFirst = true;
        while (!in.take(')')) {
            if (!isFirst) {
                in.space();
            }
            isFirst = false;
            String word = in.word();
            if (word.equals("PARTIAL")) {
                in.space();
                partial = in.partialRange();
                continue;
            }
            SearchReturn option = option(word);
            if (!returns.contains(option)) {
                returns.add(option);
            }
        }
        if (returns.isEmpty() && partial == null) {
            returns.add(SearchReturn.ALL);
        }
        if (partial != null && returns.contains(SearchReturn.ALL)) {
            throw new SyntaxException("ALL and PARTIAL exclude each other");
        }
        return new SearchOptions(returns, partial);
    }

    private static SearchReturn option(String word) {
        for (SearchReturn option : SearchReturn.values()) {
            if (option.name().equals(word)) {
                return option;
            }
        }
        throw new SyntaxException("Unknown search return option " + word);
    }

    private SearchKey program() {
        in.space();
        return keysUntil(0);
    }

    /** Keys with spaces between them: one as it is, several as a conjunction. */
    private SearchKey keysUntil(int depth) {
        List<SearchKey> list = new ArrayList<>();
        do {
            list.add(key(depth));
        } while (in.take(' '));
        return list.size() == 1 ? list.get(0) : new SearchKey.And(list);
    }

    private SearchKey key(int depth) {
        if (++keys > ImapLimits.MAX_SEARCH_KEYS) {
            throw new SyntaxException("Too many search keys");
        }
        if (depth > ImapLimits.MAX_SEARCH_DEPTH) {
            throw new SyntaxException("Search keys are nested too deep");
        }
        if (in.take('(')) {
            SearchKey inner = keysUntil(depth + 1);
            in.expect(')');
            return inner;
        }
        if (in.isDigit() || in.peek() == '*' || in.peek() == '$') {
            return new SearchKey.InSet(Numbering.SEQUENCE, in.messageSet());
        }
        String word = in.word();
        return switch (word) {
            case "NOT" -> new Not(next(depth));
            case "OR" -> new SearchKey.Or(next(depth), next(depth));
            default -> leaf(word);
        };
    }

    private SearchKey next(int depth) {
        in.space();
        return key(depth + 1);
    }

    private SearchKey leaf(String word) {
        return switch (word) {
            case "ALL" -> Simple.ALL;
            case "RECENT" -> Simple.RECENT;
            case "OLD" -> new Not(Simple.RECENT);
            case "NEW" -> new SearchKey.And(List.of(Simple.RECENT, new Not(new HasFlag(Flag.SEEN))));
            case "SAVEDATESUPPORTED" -> Simple.SAVEDATESUPPORTED;
            case "ANSWERED" -> new HasFlag(Flag.ANSWERED);
            case "DELETED" -> new HasFlag(Flag.DELETED);
            case "DRAFT" -> new HasFlag(Flag.DRAFT);
            case "FLAGGED" -> new HasFlag(Flag.FLAGGED);
            case "SEEN" -> new HasFlag(Flag.SEEN);
            case "UNANSWERED" -> new Not(new HasFlag(Flag.ANSWERED));
            case "UNDELETED" -> new Not(new HasFlag(Flag.DELETED));
            case "UNDRAFT" -> new Not(new HasFlag(Flag.DRAFT));
            case "UNFLAGGED" -> new Not(new HasFlag(Flag.FLAGGED));
            case "UNSEEN" -> new Not(new HasFlag(Flag.SEEN));
            default -> withArgument(word);
        };
    }

    private SearchKey withArgument(String word) {
        return switch (word) {
            case "KEYWORD" -> new HasFlag(keyword());
            case "UNKEYWORD" -> new Not(new HasFlag(keyword()));
            case "BCC", "BODY", "CC", "FROM", "SUBJECT", "TEXT", "TO" ->
                new SearchKey.Contains(Place.valueOf(word), string());
            case "HEADER" -> {
                in.space();
                String field = in.textArgument();
                yield new SearchKey.Header(field, string());
            }
            case "BEFORE" -> date(DateOf.INTERNAL, DateIs.BEFORE);
            case "ON" -> date(DateOf.INTERNAL, DateIs.ON);
            case "SINCE" -> date(DateOf.INTERNAL, DateIs.SINCE);
            case "SENTBEFORE" -> date(DateOf.SENT, DateIs.BEFORE);
            case "SENTON" -> date(DateOf.SENT, DateIs.ON);
            case "SENTSINCE" -> date(DateOf.SENT, DateIs.SINCE);
            case "SAVEDBEFORE" -> date(DateOf.SAVED, DateIs.BEFORE);
            case "SAVEDON" -> date(DateOf.SAVED, DateIs.ON);
            case "SAVEDSINCE" -> date(DateOf.SAVED, DateIs.SINCE);
            case "LARGER" -> new SearchKey.Larger(number(0));
            case "SMALLER" -> new SearchKey.Smaller(number(0));
            case "YOUNGER" -> new SearchKey.Younger(number(1));
            case "OLDER" -> new SearchKey.Older(number(1));
            case "UID" -> {
                in.space();
                yield new SearchKey.InSet(Numbering.UID, in.messageSet());
            }
            case "MODSEQ" -> modSeq();
            case "EMAILID" -> new SearchKey.EmailId(objectId());
            case "THREADID" -> new SearchKey.ThreadId(objectId());
            default -> throw new SyntaxException("Unknown search key " + word);
        };
    }

    private Flag keyword() {
        in.space();
        return in.flag();
    }

    private Bytes string() {
        in.space();
        return in.astring();
    }

    private String objectId() {
        in.space();
        return in.textArgument();
    }

    private long number(long min) {
        in.space();
        return in.number(min, Long.MAX_VALUE);
    }

    private SearchKey date(DateOf of, DateIs is) {
        in.space();
        String text = new String(in.astring().array(), StandardCharsets.ISO_8859_1);
        return new SearchKey.Date(of, is, ImapDates.date(text));
    }

    /** {@code MODSEQ ["/flags/\\Seen" all] 42}. */
    private SearchKey modSeq() {
        in.space();
        if (in.peek() == '"') {
            in.string();
            in.space();
            String type = in.word();
            if (!type.equals("ALL") && !type.equals("PRIV") && !type.equals("SHARED")) {
                throw new SyntaxException("Unknown type of a metadata entry");
            }
            in.space();
        }
        return new SearchKey.ModSeq(in.modSeq(0));
    }
}
