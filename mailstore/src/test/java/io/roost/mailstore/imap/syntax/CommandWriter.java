package io.roost.mailstore.imap.syntax;

import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.mailstore.imap.syntax.Command.FetchOptions;
import io.roost.mailstore.imap.syntax.Command.ListForm;
import io.roost.mailstore.imap.syntax.Command.Message;
import io.roost.mailstore.imap.syntax.Command.MessageForm;
import io.roost.mailstore.imap.syntax.Command.SearchOptions;
import io.roost.mailstore.imap.syntax.Command.SortOrder;
import io.roost.mailstore.imap.syntax.Command.Vanished;
import io.roost.mailstore.imap.syntax.FetchItem.Partial;
import io.roost.mailstore.imap.syntax.FetchItem.Peek;
import io.roost.mailstore.imap.syntax.FetchItem.Section;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/** Commands as a client writes them, in one of the ways that the grammar allows, of a seed. */
final class CommandWriter {
    private final Random random;
    private final Dialect dialect;
    private ByteWriter out;

    CommandWriter(Random random, Dialect dialect) {
        this.random = random;
        this.dialect = dialect;
    }

    Bytes write(String tag, Command command) {
        out = new ByteWriter();
        raw(tag).raw(" ");
        command(command);
        raw("\r\n");
        return out.toBytes();
    }

    private CommandWriter raw(String text) {
        out.raw(Bytes.utf8(text));
        return this;
    }

    /** A word of the grammar, in some case. */
    private CommandWriter word(String word) {
        return raw(random.nextInt(3) == 0 ? word.toLowerCase(Locale.ROOT) : word);
    }

    private void command(Command command) {
        if (command instanceof Command.Simple simple) {
            word(simple == Command.Simple.COMPRESS ? "COMPRESS DEFLATE" : simple.name());
        } else if (command instanceof Command.Id id) {
            word("ID ");
            if (id.fields().isEmpty() && random.nextBoolean()) {
                word("NIL");
            } else {
                list(id.fields(), field -> {
                    string(Bytes.utf8(field.name()));
                    raw(" ");
                    nstring(field.value());
                });
            }
        } else if (command instanceof Command.Authenticate authenticate) {
            word("AUTHENTICATE ").word(authenticate.mechanism());
            if (authenticate.initialResponse() != null) {
                raw(" ").base64(authenticate.initialResponse());
            }
        } else if (command instanceof Command.Login login) {
            word("LOGIN ").astring(login.user()).raw(" ").astring(login.password());
        } else if (command instanceof Command.Enable enable) {
            word("ENABLE " + String.join(" ", enable.capabilities()));
        } else if (command instanceof Command.SetQuota set) {
            word("SETQUOTA ").astring(set.root()).raw(" ");
            list(set.limits(), limit -> word(limit.resource()).raw(" " + limit.amount()));
        } else if (command instanceof Command.GetQuota get) {
            word("GETQUOTA ").astring(get.root());
        } else if (command instanceof Command.Append append) {
            word("APPEND ").mailbox(append.mailbox());
            append.messages().forEach(this::message);
        } else {
            mailboxCommand(command);
        }
    }

    private void mailboxCommand(Command command) {
        if (command instanceof Command.Select select) {
            select(select);
        } else if (command instanceof Command.Create create) {
            word("CREATE ").mailbox(create.mailbox());
            if (!create.specialUse().isEmpty()) {
                word(" (USE (").raw(String.join(" ", create.specialUse()) + "))");
            }
        } else if (command instanceof Command.Delete delete) {
            word("DELETE ").mailbox(delete.mailbox());
        } else if (command instanceof Command.Rename rename) {
            word("RENAME ").mailbox(rename.mailbox()).raw(" ").mailbox(rename.newName());
        } else if (command instanceof Command.Subscribe subscribe) {
            word("SUBSCRIBE ").mailbox(subscribe.mailbox());
        } else if (command instanceof Command.Unsubscribe unsubscribe) {
            word("UNSUBSCRIBE ").mailbox(unsubscribe.mailbox());
        } else if (command instanceof Command.ListMailboxes list) {
            listMailboxes(list);
        } else if (command instanceof Command.Lsub lsub) {
            word("LSUB ").mailbox(lsub.reference()).raw(" ").pattern(lsub.pattern());
        } else if (command instanceof Command.Status status) {
            word("STATUS ").mailbox(status.mailbox()).raw(" ");
            list(status.items(), item -> word(item.name()));
        } else if (command instanceof Command.GetQuotaRoot get) {
            word("GETQUOTAROOT ").mailbox(get.mailbox());
        } else {
            messageCommand(command);
        }
    }

    private void messageCommand(Command command) {
        if (command instanceof Command.UidExpunge expunge) {
            word("UID EXPUNGE ").raw(set(expunge.uids()));
        } else if (command instanceof Command.Search search) {
            uid(search.numbering()).word("SEARCH").options(search.options());
            if (search.charset() != null) {
                word(" CHARSET ").astring(search.charset());
            }
            raw(" ").program(search.key());
        } else if (command instanceof Command.Sort sort) {
            uid(sort.search().numbering())
                    .word("SORT")
                    .options(sort.search().options())
                    .raw(" ");
            list(sort.keys(), key -> word((key.order() == SortOrder.DESCENDING ? "REVERSE " : "") + key.field()));
            raw(" ").astring(sort.search().charset())
                    .raw(" ")
                    .program(sort.search().key());
        } else if (command instanceof Command.Fetch fetch) {
            fetch(fetch);
        } else if (command instanceof Command.Store store) {
            store(store);
        } else if (command instanceof Command.Copy copy) {
            uid(copy.numbering()).word("COPY ").raw(set(copy.set())).raw(" ").mailbox(copy.mailbox());
        } else if (command instanceof Command.Move move) {
            uid(move.numbering()).word("MOVE ").raw(set(move.set())).raw(" ").mailbox(move.mailbox());
        } else if (command instanceof Command.Replace replace) {
            uid(replace.numbering())
                    .word("REPLACE ")
                    .raw(number(replace.number()))
                    .raw(" ")
                    .mailbox(replace.mailbox())
                    .message(replace.message());
        } else {
            throw new AssertionError(command);
        }
    }

    private CommandWriter uid(Numbering numbering) {
        return numbering == Numbering.UID ? word("UID ") : this;
    }

    private static String number(long number) {
        return number == SequenceSet.STAR ? "*" : Long.toString(number);
    }

    private static String set(MessageSet set) {
        return set == MessageSet.SavedResult.SAVED ? "$" : set.toString();
    }

    private <T> void list(List<T> items, Consumer<T> write) {
        raw("(");
        for (int i = 0; i < items.size(); i++) {
            raw(i == 0 ? "" : " ");
            write.accept(items.get(i));
        }
        raw(")");
    }

    private CommandWriter base64(Bytes bytes) {
        return raw(bytes.isEmpty() ? "=" : Base64.getEncoder().encodeToString(bytes.array()));
    }

    private CommandWriter astring(String text) {
        return astring(Bytes.utf8(text));
    }

    private CommandWriter astring(Bytes bytes) {
        String text = bytes.utf8();
        if (text.matches("[A-Za-z0-9$&'~\\]]+") && random.nextBoolean()) {
            return raw(text);
        }
        return string(bytes);
    }

    private CommandWriter mailbox(String name) {
        return astring(MailboxNames.encode(name, dialect));
    }

    private CommandWriter pattern(String pattern) {
        Bytes bytes = MailboxNames.encode(pattern, dialect);
        return bytes.utf8().matches("[A-Za-z0-9*%/]+") && random.nextBoolean() ? raw(bytes.utf8()) : string(bytes);
    }

    private void nstring(String text) {
        if (text == null) {
            word("NIL");
        } else {
            string(Bytes.utf8(text));
        }
    }

    private CommandWriter string(Bytes bytes) {
        String latin1 = new String(bytes.array(), java.nio.charset.StandardCharsets.ISO_8859_1);
        if (random.nextBoolean() && !latin1.contains("\r") && !latin1.contains("\n")) {
            out.u8('"');
            for (byte b : bytes.array()) {
                if (b == '"' || b == '\\') {
                    out.u8('\\');
                }
                out.u8(b);
            }
            out.u8('"');
            return this;
        }
        raw("{" + bytes.length() + (random.nextBoolean() ? "+" : "") + "}\r\n");
        out.raw(bytes);
        return this;
    }

    private void select(Command.Select select) {
        word(select.access() == Command.Access.READ_ONLY ? "EXAMINE " : "SELECT ")
                .mailbox(select.mailbox());
        boolean isCond = select.condStore() == Command.CondStore.YES;
        Command.QResync qresync = select.qresync();
        if (!isCond && qresync == null) {
            return;
        }
        raw(" (");
        if (isCond) {
            word("CONDSTORE").raw(qresync == null ? "" : " ");
        }
        if (qresync != null) {
            word("QRESYNC").raw(" (" + qresync.uidValidity() + " " + qresync.modSeq());
            raw(qresync.knownUids() == null ? "" : " " + qresync.knownUids());
            if (qresync.match() != null) {
                raw(" (" + qresync.match().numbers() + " " + qresync.match().uids() + ")");
            }
            raw(")");
        }
        raw(")");
    }

    private void listMailboxes(Command.ListMailboxes list) {
        word("LIST ");
        boolean isExtended = list.form() == ListForm.EXTENDED;
        if (isExtended) {
            list(list.selection(), option -> word(option.name().replace('_', '-')));
            raw(" ");
        }
        mailbox(list.reference()).raw(" ");
        if (list.patterns().size() == 1 && random.nextBoolean()) {
            pattern(list.patterns().get(0));
        } else if (isExtended) {
            list(list.patterns(), this::pattern);
        } else {
            pattern(list.patterns().get(0));
        }
        if (isExtended) {
            word(" RETURN (");
            String gap = "";
            for (Command.ListReturn option : list.returns()) {
                raw(gap).word(option.name().replace('_', '-'));
                gap = " ";
            }
            if (!list.status().isEmpty()) {
                raw(gap).word("STATUS ");
                list(list.status(), item -> word(item.name()));
            }
            raw(")");
        }
    }

    private void message(Message message) {
        if (!message.flags().isEmpty() || random.nextBoolean()) {
            raw(" ");
            list(message.flags(), flag -> raw(flag.name()));
        }
        if (message.date() != null) {
            raw(" \"" + ImapDates.format(message.date()) + "\"");
        }
        String size = message.sizeBytes() + (random.nextBoolean() ? "+" : "") + "}\r\n";
        if (message.form() == MessageForm.LITERAL) {
            raw(" {" + size);
        } else {
            raw(message.form() == MessageForm.UTF8 ? " UTF8 (~{" + size : " ~{" + size);
        }
        for (long i = 0; i < message.sizeBytes(); i++) {
            out.u8(random.nextInt(8) == 0 ? '\n' : 'x');
        }
        raw(message.form() == MessageForm.UTF8 ? ")" : "");
    }

    private CommandWriter options(SearchOptions options) {
        if (options == null) {
            return this;
        }
        word(" RETURN (");
        String gap = "";
        for (Command.SearchReturn option : options.returns()) {
            raw(gap).word(option.name());
            gap = " ";
        }
        if (options.partial() != null) {
            raw(gap).word("PARTIAL ").raw(options.partial().toString());
        }
        return raw(")");
    }

    private void program(SearchKey key) {
        if (key instanceof SearchKey.And and) {
            keys(and.keys());
        } else {
            key(key);
        }
    }

    private void keys(List<SearchKey> keys) {
        for (int i = 0; i < keys.size(); i++) {
            raw(i == 0 ? "" : " ");
            key(keys.get(i));
        }
    }

    private void key(SearchKey key) {
        if (key instanceof SearchKey.Simple simple) {
            word(simple.name());
        } else if (key instanceof SearchKey.And and) {
            raw("(");
            keys(and.keys());
            raw(")");
        } else if (key instanceof SearchKey.Or or) {
            word("OR ").key(or.one());
            raw(" ").key(or.other());
        } else if (key instanceof SearchKey.Not not) {
            if (not.key().equals(new SearchKey.HasFlag(Flag.SEEN)) && random.nextBoolean()) {
                word("UNSEEN");
            } else {
                word("NOT ").key(not.key());
            }
        } else if (key instanceof SearchKey.HasFlag has) {
            boolean isSeen = has.flag().equals(Flag.SEEN) && random.nextBoolean();
            word(isSeen ? "SEEN" : "KEYWORD ").raw(isSeen ? "" : has.flag().name());
        } else if (key instanceof SearchKey.InSet in) {
            uid(in.numbering()).raw(set(in.set()));
        } else if (key instanceof SearchKey.Contains contains) {
            word(contains.place() + " ").astring(contains.string());
        } else if (key instanceof SearchKey.Header header) {
            word("HEADER ").astring(header.field()).raw(" ").astring(header.string());
        } else if (key instanceof SearchKey.Date date) {
            String of = date.of() == SearchKey.DateOf.INTERNAL ? "" : date.of().name();
            String day = ImapDates.format(date.day());
            word(of + date.is() + " ").raw(random.nextBoolean() ? day : '"' + day + '"');
        } else {
            numberKey(key);
        }
    }

    private void numberKey(SearchKey key) {
        if (key instanceof SearchKey.Larger larger) {
            word("LARGER ").raw(Long.toString(larger.sizeBytes()));
        } else if (key instanceof SearchKey.Smaller smaller) {
            word("SMALLER ").raw(Long.toString(smaller.sizeBytes()));
        } else if (key instanceof SearchKey.Younger younger) {
            word("YOUNGER ").raw(Long.toString(younger.seconds()));
        } else if (key instanceof SearchKey.Older older) {
            word("OLDER ").raw(Long.toString(older.seconds()));
        } else if (key instanceof SearchKey.ModSeq modSeq) {
            word("MODSEQ ").raw(random.nextBoolean() ? "" : "\"/flags/\\\\Seen\" all ");
            raw(Long.toString(modSeq.modSeq()));
        } else if (key instanceof SearchKey.EmailId id) {
            word("EMAILID ").astring(id.id());
        } else if (key instanceof SearchKey.ThreadId id) {
            word("THREADID ").astring(id.id());
        } else {
            throw new AssertionError(key);
        }
    }

    private void fetch(Command.Fetch fetch) {
        uid(fetch.numbering()).word("FETCH ").raw(set(fetch.set())).raw(" ");
        list(fetch.items(), this::item);
        FetchOptions options = fetch.options();
        if (options.equals(FetchOptions.NONE)) {
            return;
        }
        raw(" (");
        String gap = "";
        if (options.changedSince() != FetchOptions.ANY) {
            word("CHANGEDSINCE ").raw(Long.toString(options.changedSince()));
            gap = " ";
        }
        if (options.vanished() == Vanished.YES) {
            raw(gap).word("VANISHED");
        }
        if (options.partial() != null) {
            raw(gap).word("PARTIAL ").raw(options.partial().toString());
        }
        raw(")");
    }

    private void item(FetchItem item) {
        if (item instanceof FetchItem.Attribute attribute) {
            word(attribute.word());
        } else if (item instanceof FetchItem.Preview preview) {
            word(preview == FetchItem.Preview.LAZY ? "PREVIEW (LAZY)" : "PREVIEW");
        } else if (item instanceof FetchItem.BinarySize size) {
            word("BINARY.SIZE[").raw(path(size.part()) + "]");
        } else if (item instanceof FetchItem.Binary binary) {
            word(binary.peek() == Peek.YES ? "BINARY.PEEK[" : "BINARY[").raw(path(binary.part()) + "]");
            partial(binary.partial());
        } else if (item instanceof FetchItem.Body body) {
            word(body.peek() == Peek.YES ? "BODY.PEEK[" : "BODY[");
            section(body.section());
            raw("]");
            partial(body.partial());
        } else {
            throw new AssertionError(item);
        }
    }

    private static String path(List<Integer> part) {
        return String.join(".", part.stream().map(String::valueOf).toList());
    }

    private void section(Section section) {
        raw(path(section.part()));
        raw(section.part().isEmpty() || section.text() == Section.Text.ALL ? "" : ".");
        word(section.text().word());
        if (!section.headers().isEmpty()) {
            raw(" ");
            list(section.headers(), this::astring);
        }
    }

    private void partial(Partial partial) {
        if (partial != null) {
            raw("<" + partial.offset() + "." + partial.length() + ">");
        }
    }

    private void store(Command.Store store) {
        uid(store.numbering()).word("STORE ").raw(set(store.set())).raw(" ");
        if (store.unchangedSince() != Command.Store.ANY) {
            word("(UNCHANGEDSINCE ").raw(store.unchangedSince() + ") ");
        }
        String sign = switch (store.mode()) {
            case REPLACE -> "";
            case ADD -> "+";
            case REMOVE -> "-";
        };
        word(sign + "FLAGS" + (store.echo() == Command.Echo.SILENT ? ".SILENT " : " "));
        if (store.flags().isEmpty() || random.nextBoolean()) {
            list(store.flags(), flag -> raw(flag.name()));
        } else {
            raw(String.join(" ", store.flags().stream().map(Flag::name).toList()));
        }
    }
}
