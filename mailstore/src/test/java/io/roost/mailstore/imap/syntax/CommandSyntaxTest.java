package io.roost.mailstore.imap.syntax;

import static io.roost.mailstore.imap.syntax.ReaderHarness.command;
import static io.roost.mailstore.imap.syntax.ReaderHarness.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.imap.syntax.Command.Access;
import io.roost.mailstore.imap.syntax.Command.CondStore;
import io.roost.mailstore.imap.syntax.Command.Echo;
import io.roost.mailstore.imap.syntax.Command.FetchOptions;
import io.roost.mailstore.imap.syntax.Command.ListForm;
import io.roost.mailstore.imap.syntax.Command.ListReturn;
import io.roost.mailstore.imap.syntax.Command.ListSelection;
import io.roost.mailstore.imap.syntax.Command.QResync;
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
import io.roost.mailstore.imap.syntax.SearchKey.And;
import io.roost.mailstore.imap.syntax.SearchKey.Contains;
import io.roost.mailstore.imap.syntax.SearchKey.HasFlag;
import io.roost.mailstore.imap.syntax.SearchKey.InSet;
import io.roost.mailstore.imap.syntax.SearchKey.Not;
import io.roost.mailstore.imap.syntax.SearchKey.Or;
import io.roost.mailstore.imap.syntax.SearchKey.Place;
import io.roost.mailstore.imap.syntax.SequenceSet.Range;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each command's text means; the sections are of RFC 9051 unless another RFC is named. */
class CommandSyntaxTest {
    private static SearchKey search(String keys) {
        return ((Command.Search) command("SEARCH " + keys)).key();
    }

    private static List<FetchItem> fetch(String items) {
        return ((Command.Fetch) command("FETCH 1 " + items)).items();
    }

    @ParameterizedTest
    @EnumSource(
            value = Simple.class,
            names = {"COMPRESS"},
            mode = EnumSource.Mode.EXCLUDE)
    void wordsAreTakenInAnyCase(Simple simple) {
        // Section 9: "all alphabetic characters are case insensitive".
        assertThat(command(simple.name())).isEqualTo(simple);
        assertThat(command(simple.name().toLowerCase(java.util.Locale.ROOT))).isEqualTo(simple);
        assertThat(refusal(simple.name() + " x")).contains("Unexpected text");
    }

    @Test
    void compressTakesDeflateOnly() {
        // RFC 4978 section 3.
        assertThat(command("COMPRESS DEFLATE")).isEqualTo(Simple.COMPRESS);
        assertThat(refusal("COMPRESS LZ4")).contains("Unknown compression");
    }

    @Test
    void idHasPairsWithValuesThatMayBeNil() {
        // RFC 2971 section 3.1.
        assertThat(command("ID NIL")).isEqualTo(new Command.Id(List.of()));
        assertThat(command("ID (\"name\" \"sodr\" \"os\" NIL)"))
                .isEqualTo(new Command.Id(
                        List.of(new Command.Id.Field("name", "sodr"), new Command.Id.Field("os", null))));
        assertThat(refusal("ID (" + "\"a\" NIL ".repeat(31).trim() + ")")).contains("Too many");
        assertThat(refusal("ID (\"a\" \"" + "x".repeat(1025) + "\")")).contains("too long");
    }

    @Test
    void authenticateMayHaveAnInitialResponse() {
        // RFC 4959 section 3: "=" is an empty response.
        assertThat(command("AUTHENTICATE plain")).isEqualTo(new Command.Authenticate("PLAIN", null));
        assertThat(command("AUTHENTICATE PLAIN AGEAYg=="))
                .isEqualTo(new Command.Authenticate("PLAIN", Bytes.of(0, 'a', 0, 'b')));
        assertThat(command("AUTHENTICATE EXTERNAL =")).isEqualTo(new Command.Authenticate("EXTERNAL", Bytes.EMPTY));
        assertThat(refusal("AUTHENTICATE PLAIN A*")).contains("base64");
        assertThat(refusal("AUTHENTICATE PLAIN ")).contains("base64");
    }

    @Test
    void loginTakesAtomsQuotedStringsAndLiterals() {
        // Section 6.2.3.
        Command.Login expected = new Command.Login("joe", "a \"b\\");
        assertThat(command("LOGIN joe \"a \\\"b\\\\\"")).isEqualTo(expected);
        assertThat(command("LOGIN {3+}\r\njoe {6+}\r\na \"b\\ ").getClass()).isEqualTo(Command.Login.class);
        assertThat(command("LOGIN {3+}\r\njoe {5+}\r\na \"b\\")).isEqualTo(expected);
        assertThat(expected.toString()).doesNotContain("\"b");
        assertThat(refusal("LOGIN joe")).contains("Missing");
        assertThat(refusal("LOGIN joe \"x")).contains("without an end");
        assertThat(refusal("LOGIN joe \"\\x\"")).contains("escape");
        assertThat(refusal("LOGIN joe {3+}\r\na\0b")).contains("NUL");
    }

    @Test
    void enableTakesSeveralCapabilities() {
        // Section 6.3.1.
        assertThat(command("ENABLE imap4rev2 QRESYNC")).isEqualTo(new Command.Enable(List.of("IMAP4REV2", "QRESYNC")));
        assertThat(refusal("ENABLE")).contains("Missing");
    }

    @Test
    void selectMayNameWhatTheClientKnows() {
        // RFC 7162 sections 3.1.8 and 3.2.5.
        assertThat(command("SELECT inBox"))
                .isEqualTo(new Command.Select("INBOX", Access.READ_WRITE, CondStore.NO, null));
        assertThat(command("EXAMINE a (CONDSTORE)"))
                .isEqualTo(new Command.Select("a", Access.READ_ONLY, CondStore.YES, null));
        assertThat(command("SELECT INBOX (QRESYNC (67890007 20050715194045000 41,43:211,214:541))"))
                .isEqualTo(new Command.Select(
                        "INBOX",
                        Access.READ_WRITE,
                        CondStore.NO,
                        new QResync(
                                67890007,
                                20050715194045000L,
                                new SequenceSet(List.of(new Range(41, 41), new Range(43, 211), new Range(214, 541))),
                                null)));
        QResync.SequenceMatch match =
                new QResync.SequenceMatch(SequenceSet.of(5, 9), new SequenceSet(List.of(new Range(1, 5))));
        assertThat(command("SELECT INBOX (QRESYNC (1 2 1:300 (5:9 1:5)))"))
                .isEqualTo(new Command.Select(
                        "INBOX", Access.READ_WRITE, CondStore.NO, new QResync(1, 2, SequenceSet.of(1, 300), match)));
        assertThat(command("SELECT INBOX (QRESYNC (1 2 (5:9 1:5)) CONDSTORE)"))
                .isEqualTo(
                        new Command.Select("INBOX", Access.READ_WRITE, CondStore.YES, new QResync(1, 2, null, match)));
        assertThat(refusal("SELECT INBOX (QRESYNC (1 2 1:*))")).contains("'*'");
        assertThat(refusal("SELECT INBOX (QRESYNC (1 0))")).contains("too small");
        assertThat(refusal("SELECT INBOX (FOO)")).contains("Unknown parameter");
    }

    @Test
    void namesOfMailboxesDependOnTheDialect() {
        // RFC 3501 5.1.3 (its example), RFC 9051 5.1.
        assertThat(command("DELETE \"~peter/mail/&U,BTFw-/&ZeVnLIqe-\""))
                .isEqualTo(new Command.Delete("~peter/mail/\u53f0\u5317/\u65e5\u672c\u8a9e"));
        assertThat(command("DELETE \"&AOQ-\"")).isEqualTo(new Command.Delete("\u00e4"));
        assertThat(command("DELETE a&-b")).isEqualTo(new Command.Delete("a&b"));
        assertThat(command("DELETE a&b", Dialect.REV2)).isEqualTo(new Command.Delete("a&b"));
        assertThat(command("DELETE \"\u00c3\u00a4\"", Dialect.REV2)).isEqualTo(new Command.Delete("\u00e4"));
        assertThat(command("DELETE \"a\u00cc\u0088\"", Dialect.REV2))
                .as("decomposed, stored in normal form C")
                .isEqualTo(new Command.Delete("\u00e4"));
        for (String invalid :
                List.of("a&b", "&", "&AGE-", "&AOQ-&AOQ-", "&AOQ", "&A*Q-", "&AOR-", "\"\u00c3\u00a4\"")) {
            assertThat(refusal("DELETE " + invalid)).isNotEmpty();
        }
    }

    @Test
    void createMayNameSpecialUses() {
        // RFC 6154 section 3.
        assertThat(command("CREATE MySent (USE (\\Drafts \\Sent))"))
                .isEqualTo(new Command.Create("MySent", List.of("\\Drafts", "\\Sent")));
        assertThat(command("CREATE a/")).isEqualTo(new Command.Create("a/", List.of()));
        assertThat(command("RENAME a b")).isEqualTo(new Command.Rename("a", "b"));
        assertThat(command("SUBSCRIBE a")).isEqualTo(new Command.Subscribe("a"));
        assertThat(command("UNSUBSCRIBE a")).isEqualTo(new Command.Unsubscribe("a"));
    }

    @Test
    void listIsBasicOrExtended() {
        // Sections 6.3.9 and 6.3.9.7, RFC 5258, RFC 5819.
        assertThat(command("LIST \"\" *"))
                .isEqualTo(
                        new Command.ListMailboxes(ListForm.BASIC, List.of(), "", List.of("*"), List.of(), List.of()));
        assertThat(command("LIST (SUBSCRIBED RECURSIVEMATCH) \"\" \"*\" RETURN (CHILDREN)"))
                .isEqualTo(new Command.ListMailboxes(
                        ListForm.EXTENDED,
                        List.of(ListSelection.SUBSCRIBED, ListSelection.RECURSIVEMATCH),
                        "",
                        List.of("*"),
                        List.of(ListReturn.CHILDREN),
                        List.of()));
        assertThat(command("LIST \"\" (\"INBOX\" \"Drafts\" Sent/%)"))
                .isEqualTo(new Command.ListMailboxes(
                        ListForm.EXTENDED, List.of(), "", List.of("INBOX", "Drafts", "Sent/%"), List.of(), List.of()));
        assertThat(command("LIST \"\" % RETURN (SUBSCRIBED STATUS (MESSAGES UNSEEN) SPECIAL-USE)"))
                .isEqualTo(new Command.ListMailboxes(
                        ListForm.EXTENDED,
                        List.of(),
                        "",
                        List.of("%"),
                        List.of(ListReturn.SUBSCRIBED, ListReturn.SPECIAL_USE),
                        List.of(StatusItem.MESSAGES, StatusItem.UNSEEN)));
        assertThat(command("LIST () \"\" % RETURN ()"))
                .isEqualTo(new Command.ListMailboxes(
                        ListForm.EXTENDED, List.of(), "", List.of("%"), List.of(), List.of()));
        assertThat(refusal("LIST (RECURSIVEMATCH) \"\" \"*\""))
                .as("RFC 5258 section 3: must not be the only option")
                .contains("RECURSIVEMATCH");
        assertThat(refusal("LIST (FOO) \"\" \"*\"")).contains("Unknown");
        assertThat(command("LSUB \"#news.\" comp.%")).isEqualTo(new Command.Lsub("#news.", "comp.%"));
    }

    @Test
    void statusNamesItsItems() {
        // Section 6.3.11, RFC 8438, RFC 8474, RFC 7889, RFC 7162.
        assertThat(command("STATUS a (MESSAGES UIDNEXT UIDVALIDITY UNSEEN DELETED SIZE RECENT HIGHESTMODSEQ APPENDLIMIT"
                        + " MAILBOXID)"))
                .isEqualTo(new Command.Status(
                        "a",
                        List.of(
                                StatusItem.MESSAGES,
                                StatusItem.UIDNEXT,
                                StatusItem.UIDVALIDITY,
                                StatusItem.UNSEEN,
                                StatusItem.DELETED,
                                StatusItem.SIZE,
                                StatusItem.RECENT,
                                StatusItem.HIGHESTMODSEQ,
                                StatusItem.APPENDLIMIT,
                                StatusItem.MAILBOXID)));
        assertThat(refusal("STATUS a ()")).isNotEmpty();
        assertThat(refusal("STATUS a (FOO)")).contains("Unknown STATUS item");
    }

    @Test
    void quotasAreReadAndSet() {
        // RFC 9208 sections 4.1 to 4.3.
        assertThat(command("GETQUOTA \"\"")).isEqualTo(new Command.GetQuota(""));
        assertThat(command("GETQUOTAROOT INBOX")).isEqualTo(new Command.GetQuotaRoot("INBOX"));
        assertThat(command("SETQUOTA \"\" (storage 512)"))
                .isEqualTo(new Command.SetQuota("", List.of(new Command.SetQuota.Limit("STORAGE", 512))));
        assertThat(command("SETQUOTA x ()")).isEqualTo(new Command.SetQuota("x", List.of()));
    }

    @Test
    void setsAreRangesWithStars() {
        // Section 9, sequence-set: "2:4 and 4:2 are equivalent"; RFC 5182 "$".
        Command.Copy copy = (Command.Copy) command("UID COPY 2,4:7,9,12:*,*:4 a");
        assertThat(copy.set())
                .isEqualTo(new SequenceSet(List.of(
                        new Range(2, 2),
                        new Range(4, 7),
                        new Range(9, 9),
                        new Range(12, SequenceSet.STAR),
                        new Range(4, SequenceSet.STAR))));
        assertThat(((SequenceSet) copy.set()).normalized(10))
                .isEqualTo(new SequenceSet(List.of(new Range(2, 2), new Range(4, 12))));
        assertThat(command("MOVE $ a"))
                .isEqualTo(new Command.Move(Numbering.SEQUENCE, MessageSet.SavedResult.SAVED, "a"));
        assertThat(command("UID EXPUNGE 3000:3002")).isEqualTo(new Command.UidExpunge(SequenceSet.of(3000, 3002)));
        for (String invalid : List.of("0", "1:", ":1", "1,,2", "4294967296", "1:2:3", "-1", "$,1", "1,")) {
            assertThat(refusal("COPY " + invalid + " a")).isNotEmpty();
        }
    }

    @Test
    void fetchMacrosStandAlone() {
        // Section 6.4.5.
        List<FetchItem> fast = List.of(Attribute.FLAGS, Attribute.INTERNALDATE, Attribute.RFC822_SIZE);
        assertThat(fetch("FAST")).isEqualTo(fast);
        assertThat(fetch("ALL")).hasSize(4).containsAll(fast).endsWith(Attribute.ENVELOPE);
        assertThat(fetch("FULL")).hasSize(5).endsWith(Attribute.ENVELOPE, Attribute.BODY);
        assertThat(refusal("FETCH 1 (FAST)")).contains("Unknown FETCH item");
    }

    @ParameterizedTest
    @EnumSource(Attribute.class)
    void fetchItemsHaveTheirWords(Attribute attribute) {
        assertThat(fetch(attribute.word())).containsExactly(attribute);
        assertThat(fetch("(UID " + attribute.word() + ")")).containsExactly(Attribute.UID, attribute);
    }

    @Test
    void fetchNamesSections() {
        // Sections 6.4.5.1 and 9.
        assertThat(fetch("(BODY[] BODY.PEEK[1.2.HEADER.FIELDS (Date \"From\")]<0.100> BODY[HEADER] BODY[4.TEXT]"
                        + " BODY[3.MIME] BODY[2])"))
                .containsExactly(
                        new FetchItem.Body(Section.ofPart(List.of()), null, Peek.NO),
                        new FetchItem.Body(
                                new Section(List.of(1, 2), Section.Text.HEADER_FIELDS, List.of("Date", "From")),
                                new Partial(0, 100),
                                Peek.YES),
                        new FetchItem.Body(new Section(List.of(), Section.Text.HEADER, List.of()), null, Peek.NO),
                        new FetchItem.Body(new Section(List.of(4), Section.Text.TEXT, List.of()), null, Peek.NO),
                        new FetchItem.Body(new Section(List.of(3), Section.Text.MIME, List.of()), null, Peek.NO),
                        new FetchItem.Body(Section.ofPart(List.of(2)), null, Peek.NO));
        assertThat(fetch("BODY[HEADER.FIELDS.NOT ({4+}\r\nDate)]"))
                .containsExactly(new FetchItem.Body(
                        new Section(List.of(), Section.Text.HEADER_FIELDS_NOT, List.of("Date")), null, Peek.NO));
        for (String invalid : List.of(
                "BODY[MIME]",
                "BODY[0]",
                "BODY[1.]",
                "BODY[1",
                "BODY[HEADER.FIELDS ()]",
                "BODY[]<1>",
                "BODY[]<1.0>",
                "BODY.PEEK",
                "()",
                "(FLAGS",
                "FLAGS UID",
                "BODY[" + "1.".repeat(200) + "1]")) {
            assertThat(refusal("FETCH 1 " + invalid)).as(invalid).isNotEmpty();
        }
    }

    @Test
    void fetchNamesBinaryParts() {
        // RFC 3516 section 4.2.
        assertThat(fetch("(BINARY[1.3]<5.6> BINARY.PEEK[] BINARY.SIZE[2])"))
                .containsExactly(
                        new FetchItem.Binary(List.of(1, 3), new Partial(5, 6), Peek.NO),
                        new FetchItem.Binary(List.of(), null, Peek.YES),
                        new FetchItem.BinarySize(List.of(2)));
    }

    @Test
    void previewMayBeLazy() {
        // RFC 8970 section 3.1.
        assertThat(fetch("(PREVIEW (LAZY) UID)")).containsExactly(FetchItem.Preview.LAZY, Attribute.UID);
        assertThat(fetch("(PREVIEW UID)")).containsExactly(FetchItem.Preview.MADE, Attribute.UID);
        assertThat(fetch("PREVIEW (LAZY)")).containsExactly(FetchItem.Preview.LAZY);
        assertThat(command("FETCH 1 PREVIEW (CHANGEDSINCE 7)"))
                .isEqualTo(new Command.Fetch(
                        Numbering.SEQUENCE,
                        SequenceSet.of(1),
                        List.of(FetchItem.Preview.MADE),
                        new FetchOptions(7, Vanished.NO, null)));
    }

    @Test
    void fetchHasModifiers() {
        // RFC 7162 sections 3.1.4.1 and 3.2.6, RFC 9394 section 3.3.
        assertThat(command("UID FETCH 300:500 (FLAGS) (CHANGEDSINCE 12345 VANISHED PARTIAL -1:-30)"))
                .isEqualTo(new Command.Fetch(
                        Numbering.UID,
                        SequenceSet.of(300, 500),
                        List.of(Attribute.FLAGS),
                        new FetchOptions(12345, Vanished.YES, new PartialRange(-1, -30))));
        assertThat(refusal("UID FETCH 1 FLAGS (VANISHED)")).contains("CHANGEDSINCE");
        assertThat(refusal("FETCH 1 FLAGS (CHANGEDSINCE 9223372036854775808)")).contains("too large");
    }

    @Test
    void storeChangesFlags() {
        // Section 6.4.6, RFC 7162 section 3.1.3.
        assertThat(command("STORE 2:4 +FLAGS (\\deleted $Work)"))
                .isEqualTo(new Command.Store(
                        Numbering.SEQUENCE,
                        SequenceSet.of(2, 4),
                        Command.Store.ANY,
                        StoreMode.ADD,
                        Echo.FLAGS,
                        List.of(Flag.DELETED, new Flag("$Work"))));
        assertThat(command("UID STORE 7 (UNCHANGEDSINCE 0) -flags.silent \\Seen a"))
                .isEqualTo(new Command.Store(
                        Numbering.UID,
                        SequenceSet.of(7),
                        0,
                        StoreMode.REMOVE,
                        Echo.SILENT,
                        List.of(Flag.SEEN, new Flag("a"))));
        assertThat(command("STORE 1 FLAGS ()"))
                .isEqualTo(new Command.Store(
                        Numbering.SEQUENCE,
                        SequenceSet.of(1),
                        Command.Store.ANY,
                        StoreMode.REPLACE,
                        Echo.FLAGS,
                        List.of()));
        assertThat(refusal("STORE 1 FLAGS")).isNotEmpty();
        assertThat(refusal("STORE 1 FLAGS (\\*)")).isNotEmpty();
        assertThat(refusal("STORE 1 ++FLAGS a")).contains("Unknown item");
    }

    @Test
    void searchKeysAreJoined() {
        // Section 6.4.4: several keys are a conjunction.
        assertThat(search("FLAGGED SINCE 1-Feb-1994 NOT FROM \"Smith\""))
                .isEqualTo(new And(List.of(
                        new HasFlag(Flag.FLAGGED),
                        new SearchKey.Date(SearchKey.DateOf.INTERNAL, SearchKey.DateIs.SINCE, LocalDate.of(1994, 2, 1)),
                        new Not(new Contains(Place.FROM, Bytes.utf8("Smith"))))));
        assertThat(search("OR (SEEN 1:3) UID *"))
                .isEqualTo(new Or(
                        new And(List.of(new HasFlag(Flag.SEEN), new InSet(Numbering.SEQUENCE, SequenceSet.of(1, 3)))),
                        new InSet(Numbering.UID, SequenceSet.of(SequenceSet.STAR))));
        assertThat(search("NEW")).isEqualTo(new And(List.of(SearchKey.Simple.RECENT, new Not(new HasFlag(Flag.SEEN)))));
        assertThat(search("UNKEYWORD $Junk")).isEqualTo(new Not(new HasFlag(new Flag("$Junk"))));
        assertThat(search("HEADER Message-ID \"\"")).isEqualTo(new SearchKey.Header("Message-ID", Bytes.EMPTY));
        assertThat(search("SENTON \"12-Mar-2024\""))
                .isEqualTo(new SearchKey.Date(SearchKey.DateOf.SENT, SearchKey.DateIs.ON, LocalDate.of(2024, 3, 12)));
        assertThat(search("LARGER 9223372036854775807")).isEqualTo(new SearchKey.Larger(Long.MAX_VALUE));
    }

    @Test
    void searchKeysOfExtensions() {
        // RFC 5032, RFC 7162 section 3.1.5, RFC 8474 section 6, RFC 8514 section 4.3, RFC 5182 section 2.1.
        assertThat(search("YOUNGER 3600")).isEqualTo(new SearchKey.Younger(3600));
        assertThat(search("OLDER 1")).isEqualTo(new SearchKey.Older(1));
        assertThat(refusal("SEARCH YOUNGER 0")).contains("too small");
        assertThat(search("MODSEQ 620162338")).isEqualTo(new SearchKey.ModSeq(620162338));
        assertThat(search("MODSEQ \"/flags/\\\\draft\" all 620162338")).isEqualTo(new SearchKey.ModSeq(620162338));
        assertThat(search("EMAILID M6d99ac3275bb4e")).isEqualTo(new SearchKey.EmailId("M6d99ac3275bb4e"));
        assertThat(search("THREADID T64b478a75b7ea9")).isEqualTo(new SearchKey.ThreadId("T64b478a75b7ea9"));
        assertThat(search("SAVEDATESUPPORTED")).isEqualTo(SearchKey.Simple.SAVEDATESUPPORTED);
        assertThat(search("SAVEDBEFORE 1-Jan-2025"))
                .isEqualTo(
                        new SearchKey.Date(SearchKey.DateOf.SAVED, SearchKey.DateIs.BEFORE, LocalDate.of(2025, 1, 1)));
        assertThat(search("$ SMALLER 4096"))
                .isEqualTo(new And(List.of(
                        new InSet(Numbering.SEQUENCE, MessageSet.SavedResult.SAVED), new SearchKey.Smaller(4096))));
    }

    @Test
    void searchMayNameWhatItReturns() {
        // Section 6.4.4, RFC 4731, RFC 9394 section 3.1.
        assertThat(((Command.Search) command("SEARCH ALL")).options()).isNull();
        assertThat(((Command.Search) command("SEARCH RETURN () ALL")).options())
                .isEqualTo(new SearchOptions(List.of(SearchReturn.ALL), null));
        assertThat(((Command.Search) command("UID SEARCH RETURN (MIN COUNT SAVE) CHARSET utf-8 ALL")))
                .isEqualTo(new Command.Search(
                        Numbering.UID,
                        new SearchOptions(List.of(SearchReturn.MIN, SearchReturn.COUNT, SearchReturn.SAVE), null),
                        "UTF-8",
                        SearchKey.Simple.ALL));
        assertThat(((Command.Search) command("SEARCH RETURN (PARTIAL 23500:24000) UNDELETED")).options())
                .isEqualTo(new SearchOptions(List.of(), new PartialRange(23500, 24000)));
        assertThat(refusal("SEARCH RETURN (PARTIAL 1:10 ALL) UNDELETED"))
                .as("RFC 9394 section 3.1: MUST NOT be specified together")
                .contains("exclude");
        assertThat(refusal("SEARCH RETURN (FOO) ALL")).contains("Unknown search return option");
    }

    @Test
    void searchesAreBounded() {
        assertThat(refusal("SEARCH" + " ALL".repeat(10_000))).contains("Too many");
        assertThat(refusal("SEARCH " + "NOT ".repeat(10_000) + "ALL")).contains("nested");
        assertThat(refusal("SEARCH " + "(".repeat(10_000) + "ALL")).contains("nested");
        assertThat(search("NOT ".repeat(ImapLimits.MAX_SEARCH_DEPTH) + "ALL")).isInstanceOf(Not.class);
    }

    @Test
    void sortHasKeysAndACharset() {
        // RFC 5256 section 3, RFC 5957, RFC 5267 section 3.
        assertThat(command("UID SORT RETURN (COUNT) (REVERSE DATE DISPLAYFROM) UTF-8 ALL"))
                .isEqualTo(new Command.Sort(
                        List.of(
                                new SortKey(SortField.DATE, SortOrder.DESCENDING),
                                new SortKey(SortField.DISPLAYFROM, SortOrder.ASCENDING)),
                        new Command.Search(
                                Numbering.UID,
                                new SearchOptions(List.of(SearchReturn.COUNT), null),
                                "UTF-8",
                                SearchKey.Simple.ALL)));
        assertThat(refusal("SORT () UTF-8 ALL")).isNotEmpty();
        assertThat(refusal("SORT (DATE) ALL")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "NOOP ",
                "FOO",
                "NOOP\r",
                "UID NOOP",
                "UID",
                "SEARCH",
                "SEARCH ",
                "SEARCH (ALL",
                "SEARCH ALL  SEEN",
                "SEARCH ON 31-Feb-2024",
                "SEARCH ON 1-Foo-2024",
                "FETCH",
                "FETCH 1",
                "APPEND a",
                "APPEND a foo",
                "SELECT {3}x",
                "SELECT \"a\nb\"",
                "SELECT \"a\rb\"",
            })
    void whatTheGrammarDoesNotKnowIsRefused(String text) {
        ReaderHarness harness = new ReaderHarness();
        harness.send("a " + text + "\r\n");
        assertThat(harness.events).isNotEmpty().allMatch(event -> event instanceof CommandEvent.Bad);
    }
}
