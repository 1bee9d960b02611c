package io.roost.mailstore.imap.syntax;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.imap.syntax.Command.Access;
import io.roost.mailstore.imap.syntax.Command.CondStore;
import io.roost.mailstore.imap.syntax.Command.Echo;
import io.roost.mailstore.imap.syntax.Command.MessageForm;
import io.roost.mailstore.imap.syntax.Command.Simple;
import io.roost.mailstore.imap.syntax.Command.StoreMode;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A command, its tag already read: the word and its arguments up to the end of the text. */
final class CommandParser {
    private final CommandText in;

    private CommandParser(CommandText in) {
        this.in = in;
    }

    static Command parse(CommandText in) {
        Command command = new CommandParser(in).command();
        in.end();
        if (!in.isWhole()) {
            throw new SyntaxException("Unexpected text after the command's end");
        }
        return command;
    }

    private Command command() {
        String word = in.word();
        return switch (word) {
            case "CAPABILITY",
                    "NOOP",
                    "LOGOUT",
                    "STARTTLS",
                    "NAMESPACE",
                    "IDLE",
                    "CLOSE",
                    "UNSELECT",
                    "EXPUNGE",
                    "CHECK" -> Simple.valueOf(word);
            case "COMPRESS" -> compress();
            case "ID" -> id();
            case "AUTHENTICATE" -> authenticate();
            case "LOGIN" -> login();
            case "ENABLE" -> enable();
            case "SELECT" -> select(Access.READ_WRITE);
            case "EXAMINE" -> select(Access.READ_ONLY);
            case "CREATE" -> create();
            case "DELETE" -> new Command.Delete(mailbox());
            case "RENAME" -> new Command.Rename(mailbox(), mailbox());
            case "SUBSCRIBE" -> new Command.Subscribe(mailbox());
            case "UNSUBSCRIBE" -> new Command.Unsubscribe(mailbox());
            case "LIST" -> new ListParser(in).list();
            case "LSUB" -> lsub();
            case "STATUS" -> new ListParser(in).status();
            case "APPEND" -> append();
            case "GETQUOTA" -> new Command.GetQuota(text());
            case "GETQUOTAROOT" -> new Command.GetQuotaRoot(mailbox());
            case "SETQUOTA" -> setQuota();
            case "UID" -> uid();
            default -> numbered(word, Numbering.SEQUENCE);
        };
    }

    private Command uid() {
        in.space();
        String word = in.word();
        if (word.equals("EXPUNGE")) {
            in.space();
            return new Command.UidExpunge(in.messageSet());
        }
        return numbered(word, Numbering.UID);
    }

    private Command numbered(String word, Numbering numbering) {
        return switch (word) {
            case "FETCH" -> new FetchParser(in).fetch(numbering);
            case "STORE" -> store(numbering);
            case "SEARCH" -> new SearchParser(in).search(numbering);
            case "SORT" -> new SearchParser(in).sort(numbering);
            case "COPY" -> new Command.Copy(numbering, set(), mailbox());
            case "MOVE" -> new Command.Move(numbering, set(), mailbox());
            case "REPLACE" -> replace(numbering);
            default -> throw new SyntaxException("Unknown command " + word);
        };
    }

    private String text() {
        in.space();
        return in.textArgument();
    }

    private String mailbox() {
        in.space();
        return in.mailbox();
    }

    private MessageSet set() {
        in.space();
        return in.messageSet();
    }

    private Command compress() {
        in.space();
        String mechanism = in.word();
        if (!mechanism.equals("DEFLATE")) {
            throw new SyntaxException("Unknown compression " + mechanism);
        }
        return Simple.COMPRESS;
    }

    private Command id() {
        in.space();
        if (in.takeWord("NIL")) {
            return new Command.Id(List.of());
        }
        in.expect('(');
        List<Command.Id.Field> fields = new ArrayList<>();
        while (!in.take(')')) {
            if (!fields.isEmpty()) {
                in.space();
            }
            if (fields.size() == ImapLimits.MAX_ID_FIELDS) {
                throw new SyntaxException("Too many fields");
            }
            String name = MailboxNames.utf8(in.string());
            in.space();
            Bytes value = in.nstring();
            if (value != null && value.length() > ImapLimits.MAX_ID_VALUE_BYTES) {
                throw new SyntaxException("Value is too long");
            }
            fields.add(new Command.Id.Field(name, value == null ? null : value.utf8()));
        }
        return new Command.Id(fields);
    }

    private Command authenticate() {
        in.space();
        String mechanism = in.word();
        Bytes initialResponse = in.take(' ') ? initialResponse() : null;
        return new Command.Authenticate(mechanism, initialResponse);
    }

    private Bytes initialResponse() {
        String text = new String(in.rest().array(), StandardCharsets.ISO_8859_1);
        if (text.equals("=")) {
            return Bytes.EMPTY;
        }
        try {
            Bytes response = Bytes.wrap(Base64.getDecoder().decode(text));
            if (!response.isEmpty()) {
                return response;
            }
        } catch (IllegalArgumentException malformed) {
            // Refused below, as the empty text is.
        }
        throw new SyntaxException("Initial response is not base64");
    }

    private Command login() {
        String user = text();
        return new Command.Login(user, text());
    }

    private Command enable() {
        List<String> capabilities = new ArrayList<>();
        do {
            in.space();
            capabilities.add(in.word());
        } while (!in.isAtEnd());
        return new Command.Enable(capabilities);
    }

    private Command select(Access access) {
        String mailbox = mailbox();
        CondStore condStore = CondStore.NO;
        Command.QResync qresync = null;
        if (in.takeSpaceAndList()) {
            do {
                String word = in.word();
                switch (word) {
                    case "CONDSTORE" -> condStore = CondStore.YES;
                    case "QRESYNC" -> qresync = qresync();
                    default -> throw new SyntaxException("Unknown parameter " + word);
                }
            } while (in.take(' '));
            in.expect(')');
        }
        return new Command.Select(mailbox, access, condStore, qresync);
    }

    private Command.QResync qresync() {
        in.space();
        in.expect('(');
        long uidValidity = in.number(1, SequenceSet.MAX_NUMBER);
        in.space();
        long modSeq = in.modSeq(1);
        SequenceSet knownUids = null;
        if (in.isMoreBeforeList()) {
            in.space();
            knownUids = in.knownSet();
        }
        Command.QResync.SequenceMatch match = null;
        if (in.takeSpaceAndList()) {
            SequenceSet numbers = in.knownSet();
            in.space();
            match = new Command.QResync.SequenceMatch(numbers, in.knownSet());
            in.expect(')');
        }
        in.expect(')');
        return new Command.QResync(uidValidity, modSeq, knownUids, match);
    }

    private Command create() {
        String mailbox = mailbox();
        List<String> specialUse = new ArrayList<>();
        if (in.takeSpaceAndList()) {
            if (!in.takeWord("USE")) {
                throw new SyntaxException("Unknown parameter of CREATE");
            }
            in.space();
            for (Flag flag : in.flagList()) {
                specialUse.add(flag.name());
            }
            in.expect(')');
        }
        return new Command.Create(mailbox, specialUse);
    }

    private Command lsub() {
        in.space();
        String reference = in.reference();
        in.space();
        return new Command.Lsub(reference, in.listMailbox());
    }

    private Command setQuota() {
        String root = text();
        in.space();
        in.expect('(');
        List<Command.SetQuota.Limit> limits = new ArrayList<>();
        while (!in.take(')')) {
            if (!limits.isEmpty()) {
                in.space();
            }
            String resource = in.word();
            in.space();
            limits.add(new Command.SetQuota.Limit(resource, in.number(0, Long.MAX_VALUE)));
        }
        return new Command.SetQuota(root, limits);
    }

    private Command store(Numbering numbering) {
        MessageSet set = set();
        long unchangedSince = Command.Store.ANY;
        if (in.takeSpaceAndList()) {
            if (!in.takeWord("UNCHANGEDSINCE")) {
                throw new SyntaxException("Unknown modifier of STORE");
            }
            in.space();
            unchangedSince = in.modSeq(0);
            in.expect(')');
        }
        in.space();
        String word = in.word();
        StoreMode mode =
                word.startsWith("+") ? StoreMode.ADD : word.startsWith("-") ? StoreMode.REMOVE : StoreMode.REPLACE;
        String item = mode == StoreMode.REPLACE ? word : word.substring(1);
        Echo echo = switch (item) {
            case "FLAGS" -> Echo.FLAGS;
            case "FLAGS.SILENT" -> Echo.SILENT;
            default -> throw new SyntaxException("Unknown item of STORE " + word);
        };
        in.space();
        return new Command.Store(numbering, set, unchangedSince, mode, echo, storedFlags());
    }

    private List<Flag> storedFlags() {
        if (in.peek() == '(') {
            return in.flagList();
        }
        List<Flag> flags = new ArrayList<>();
        do {
            flags.add(in.flag());
        } while (in.take(' '));
        return flags;
    }

    private Command append() {
        String mailbox = mailbox();
        List<Command.Message> messages = new ArrayList<>();
        do {
            if (messages.size() == ImapLimits.MAX_MESSAGES) {
                throw new SyntaxException("Too many messages");
            }
            MessageHead head = messageHead();
            LiteralNeeded.Literal announced = in.message(head.form);
            messages.add(head.message(in.lastMessageBytes()));
            if (announced != null) {
                throw LiteralNeeded.message(announced, new Command.Append(mailbox, messages));
            }
            head.end(in);
        } while (!in.isAtEnd());
        return new Command.Append(mailbox, messages);
    }

    private Command replace(Numbering numbering) {
        in.space();
        long number = in.sequenceNumber();
        String mailbox = mailbox();
        MessageHead head = messageHead();
        LiteralNeeded.Literal announced = in.message(head.form);
        Command.Replace replace = new Command.Replace(numbering, number, mailbox, head.message(in.lastMessageBytes()));
        if (announced != null) {
            throw LiteralNeeded.message(announced, replace);
        }
        head.end(in);
        return replace;
    }

    /** What comes before the literal of a message, the space before that included. */
    private record MessageHead(List<Flag> flags, OffsetDateTime date, MessageForm form) {
        Command.Message message(long sizeBytes) {
            return new Command.Message(flags, date, sizeBytes, form);
        }

        /** What comes after the literal. */
        void end(CommandText in) {
            if (form == MessageForm.UTF8) {
                in.expect(')');
            }
        }
    }

    private MessageHead messageHead() {
        in.space();
        List<Flag> flags = List.of();
        if (in.peek() == '(') {
            flags = in.flagList();
            in.space();
        }
        OffsetDateTime date = null;
        if (in.peek() == '"') {
            date = ImapDates.dateTime(new String(in.string().array(), StandardCharsets.ISO_8859_1));
            in.space();
        }
        MessageForm form = MessageForm.LITERAL;
        if (in.peek() == '~') {
            form = MessageForm.BINARY;
        } else if (in.takeWord("UTF8")) {
            in.space();
            in.expect('(');
            form = MessageForm.UTF8;
        } else if (in.takeWord("CATENATE")) {
            throw new SyntaxException("CATENATE is not supported");
        }
        return new MessageHead(flags, date, form);
    }
}
