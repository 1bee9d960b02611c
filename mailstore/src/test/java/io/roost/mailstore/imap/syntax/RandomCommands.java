package io.roost.mailstore.imap.syntax;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.imap.syntax.Command.Access;
import io.roost.mailstore.imap.syntax.Command.CondStore;
import io.roost.mailstore.imap.syntax.Command.Echo;
import io.roost.mailstore.imap.syntax.Command.FetchOptions;
import io.roost.mailstore.imap.syntax.Command.ListForm;
import io.roost.mailstore.imap.syntax.Command.ListReturn;
import io.roost.mailstore.imap.syntax.Command.ListSelection;
import io.roost.mailstore.imap.syntax.Command.Message;
import io.roost.mailstore.imap.syntax.Command.MessageForm;
import io.roost.mailstore.imap.syntax.Command.SearchOptions;
import io.roost.mailstore.imap.syntax.Command.SearchReturn;
import io.roost.mailstore.imap.syntax.Command.Simple;
import io.roost.mailstore.imap.syntax.Command.SortField;
import io.roost.mailstore.imap.syntax.Command.SortKey;
import io.roost.mailstore.imap.syntax.Command.SortOrder;
import io.roost.mailstore.imap.syntax.Command.StoreMode;
import io.roost.mailstore.imap.syntax.Command.Vanished;
import io.roost.mailstore.imap.syntax.FetchItem.Attribute;
import io.roost.mailstore.imap.syntax.FetchItem.Partial;
import io.roost.mailstore.imap.syntax.FetchItem.Peek;
import io.roost.mailstore.imap.syntax.FetchItem.Section;
import io.roost.mailstore.imap.syntax.SearchKey.DateIs;
import io.roost.mailstore.imap.syntax.SearchKey.DateOf;
import io.roost.mailstore.imap.syntax.SearchKey.Place;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Commands of every kind, of a seed. */
final class RandomCommands {
    private static final String[] TEXTS = {
        "",
        "a",
        "INBOX",
        "NIL",
        "a b",
        "\"",
        "\\",
        "a\"b\\c",
        "{5}",
        "{5+}",
        "*%",
        "(",
        ")",
        "]",
        "&",
        "&-",
        "~",
        "UTF8",
        "\u00e4",
        "\u65e5\u672c",
        "\ud83d\ude00 x",
        "Archive/2026",
        "BODY[",
        "$",
        "'",
        "0",
        "a&b",
        "CHARSET",
        "RETURN"
    };

    private final Random random;

    RandomCommands(Random random) {
        this.random = random;
    }

    Command next() {
        List<Supplier<Command>> kinds = List.of(
                () -> one(Simple.values()),
                () -> new Command.Id(list(0, 3, () -> new Command.Id.Field(text(), maybe(this::text)))),
                () -> new Command.Authenticate("SCRAM-SHA-256", maybe(this::bytes)),
                () -> new Command.Login(text(), text()),
                () -> new Command.Enable(list(1, 3, () -> one("QRESYNC", "IMAP4REV2", "CONDSTORE"))),
                this::select,
                () -> new Command.Create(mailbox(), list(0, 2, () -> one("\\Sent", "\\Trash"))),
                () -> new Command.Delete(mailbox()),
                () -> new Command.Rename(mailbox(), mailbox()),
                () -> new Command.Subscribe(mailbox()),
                () -> new Command.Unsubscribe(mailbox()),
                this::listMailboxes,
                () -> new Command.Lsub(pattern(), pattern()),
                () -> new Command.Status(mailbox(), list(1, 4, () -> one(StatusItem.values()))),
                () -> new Command.Append(mailbox(), list(1, 3, this::message)),
                () -> new Command.Replace(numbering(), sequenceNumber(), mailbox(), message()),
                () -> new Command.GetQuota(text()),
                () -> new Command.GetQuotaRoot(mailbox()),
                () -> new Command.SetQuota(
                        text(), list(0, 2, () -> new Command.SetQuota.Limit(one("STORAGE", "MESSAGE"), number63()))),
                () -> new Command.UidExpunge(messageSet()),
                this::search,
                () -> new Command.Sort(
                        list(1, 3, () -> new SortKey(one(SortField.values()), one(SortOrder.values()))),
                        new Command.Search(numbering(), options(), "UTF-8", searchProgram())),
                this::fetch,
                () -> new Command.Store(
                        numbering(),
                        messageSet(),
                        random.nextBoolean() ? Command.Store.ANY : number63(),
                        one(StoreMode.values()),
                        one(Echo.values()),
                        list(0, 3, this::flag)),
                () -> new Command.Copy(numbering(), messageSet(), mailbox()),
                () -> new Command.Move(numbering(), messageSet(), mailbox()));
        return one(kinds).get();
    }

    private Command select() {
        Command.QResync qresync = maybe(() -> new Command.QResync(
                number32(),
                1 + number63() / 2,
                maybe(this::knownSet),
                maybe(() -> new Command.QResync.SequenceMatch(knownSet(), knownSet()))));
        return new Command.Select(mailbox(), one(Access.values()), one(CondStore.values()), qresync);
    }

    private Command listMailboxes() {
        if (random.nextBoolean()) {
            return new Command.ListMailboxes(
                    ListForm.BASIC, List.of(), pattern(), List.of(pattern()), List.of(), List.of());
        }
        List<ListSelection> selection = new ArrayList<>();
        if (random.nextBoolean()) {
            selection.add(ListSelection.SUBSCRIBED);
            selection.add(random.nextBoolean() ? ListSelection.RECURSIVEMATCH : ListSelection.REMOTE);
        }
        return new Command.ListMailboxes(
                ListForm.EXTENDED,
                selection,
                pattern(),
                list(1, 3, this::pattern),
                list(0, 2, () -> one(ListReturn.values())),
                list(0, 2, () -> one(StatusItem.values())));
    }

    private Message message() {
        return new Message(
                list(0, 2, this::flag), maybe(this::dateTime), random.nextInt(50), one(MessageForm.values()));
    }

    private Command search() {
        return new Command.Search(
                numbering(), maybe(this::options), maybe(() -> one("UTF-8", "US-ASCII")), searchProgram());
    }

    private SearchOptions options() {
        List<SearchReturn> returns = new ArrayList<>();
        for (SearchReturn option : SearchReturn.values()) {
            if (random.nextBoolean()) {
                returns.add(option);
            }
        }
        PartialRange partial = returns.contains(SearchReturn.ALL) ? null : maybe(this::partialRange);
        if (returns.isEmpty() && partial == null) {
            returns.add(SearchReturn.ALL);
        }
        return new SearchOptions(returns, partial);
    }

    private SearchKey searchProgram() {
        return searchKey(random.nextInt(5));
    }

    private SearchKey searchKey(int depth) {
        if (depth > 0) {
            List<Supplier<SearchKey>> inner = List.of(
                    () -> new SearchKey.Not(searchKey(depth - 1)),
                    () -> new SearchKey.Or(searchKey(depth - 1), searchKey(depth - 1)),
                    () -> new SearchKey.And(list(2, 4, () -> searchKey(depth - 1))));
            return one(inner).get();
        }
        List<Supplier<SearchKey>> leaves = List.of(
                () -> one(SearchKey.Simple.values()),
                () -> new SearchKey.HasFlag(flag()),
                () -> new SearchKey.InSet(numbering(), messageSet()),
                () -> new SearchKey.Contains(one(Place.values()), bytes()),
                () -> new SearchKey.Header(text(), bytes()),
                () -> new SearchKey.Date(one(DateOf.values()), one(DateIs.values()), day()),
                () -> new SearchKey.Larger(number63()),
                () -> new SearchKey.Smaller(number63()),
                () -> new SearchKey.Younger(number32()),
                () -> new SearchKey.Older(number32()),
                () -> new SearchKey.ModSeq(number63()),
                () -> new SearchKey.EmailId("M" + random.nextInt(1000)),
                () -> new SearchKey.ThreadId("T" + random.nextInt(1000)));
        return one(leaves).get();
    }

    private Command fetch() {
        long changedSince = random.nextBoolean() ? FetchOptions.ANY : number63();
        Vanished vanished = changedSince == FetchOptions.ANY ? Vanished.NO : one(Vanished.values());
        return new Command.Fetch(
                numbering(),
                messageSet(),
                list(1, 4, this::fetchItem),
                new FetchOptions(changedSince, vanished, maybe(this::partialRange)));
    }

    private FetchItem fetchItem() {
        List<Supplier<FetchItem>> kinds = List.of(
                () -> one(Attribute.values()),
                () -> one(FetchItem.Preview.values()),
                () -> new FetchItem.BinarySize(part(0)),
                () -> new FetchItem.Binary(part(0), maybe(this::partial), one(Peek.values())),
                () -> new FetchItem.Body(section(), maybe(this::partial), one(Peek.values())));
        return one(kinds).get();
    }

    private Section section() {
        Section.Text text = one(Section.Text.values());
        boolean isSelection = text == Section.Text.HEADER_FIELDS || text == Section.Text.HEADER_FIELDS_NOT;
        return new Section(
                part(text == Section.Text.MIME ? 1 : 0), text, isSelection ? list(1, 3, this::text) : List.of());
    }

    private List<Integer> part(int min) {
        return list(min, 3, () -> 1 + random.nextInt(300));
    }

    private Partial partial() {
        return new Partial(number63(), 1 + number63() / 2);
    }

    private PartialRange partialRange() {
        long one = number32();
        long other = number32();
        long first = Math.min(one, other);
        long last = Math.max(one, other);
        return random.nextBoolean() ? new PartialRange(first, last) : new PartialRange(-first, -last);
    }

    private LocalDate day() {
        return LocalDate.ofEpochDay(random.nextInt(40_000));
    }

    private OffsetDateTime dateTime() {
        return OffsetDateTime.ofInstant(
                java.time.Instant.ofEpochSecond(random.nextInt() & 0xffff_ffffL),
                ZoneOffset.ofTotalSeconds(60 * (random.nextInt(1441) - 720)));
    }

    private MessageSet messageSet() {
        return random.nextInt(5) == 0 ? MessageSet.SavedResult.SAVED : new SequenceSet(list(1, 4, this::range));
    }

    private SequenceSet knownSet() {
        return new SequenceSet(list(1, 4, () -> SequenceSet.Range.between(number32(), number32())));
    }

    private SequenceSet.Range range() {
        return SequenceSet.Range.between(sequenceNumber(), sequenceNumber());
    }

    private long sequenceNumber() {
        return random.nextInt(6) == 0 ? SequenceSet.STAR : number32();
    }

    private long number32() {
        return random.nextBoolean() ? 1 + random.nextInt(9) : 1 + (random.nextLong() & 0xffff_fffeL);
    }

    private long number63() {
        return random.nextBoolean() ? random.nextInt(9) : random.nextLong() & Long.MAX_VALUE;
    }

    private Numbering numbering() {
        return one(Numbering.values());
    }

    private Flag flag() {
        return one(Flag.SEEN, Flag.DELETED, new Flag("$Work"), new Flag("a"), new Flag("\\Foo"));
    }

    private String text() {
        return one(TEXTS);
    }

    /** A name, of which INBOX has one spelling. */
    private String mailbox() {
        return text();
    }

    private String pattern() {
        return one("", "*", "%", "a/%", "INBOX", "\u00e4*", "a b", "&x");
    }

    private Bytes bytes() {
        return Bytes.utf8(random.nextBoolean() ? one(TEXTS) : one("line\r\nline", "x".repeat(200), "\u00e4\n"));
    }

    private <T> T maybe(Supplier<T> supplier) {
        return random.nextBoolean() ? supplier.get() : null;
    }

    private <T> List<T> list(int min, int max, Supplier<T> supplier) {
        int count = min + random.nextInt(max - min + 1);
        List<T> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(supplier.get());
        }
        return list;
    }

    @SafeVarargs
    private <T> T one(T... values) {
        return values[random.nextInt(values.length)];
    }

    private <T> T one(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
