package io.roost.mailstore.transfer;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.mailstore.store.MailboxStore;
import io.roost.mailstore.store.NewMessage;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An mbox file (RFC 4155), with the quoting of mboxrd: after an empty line one with {@code From} and a time begins a message;
 * in messages lines with {@code From} have a {@code >} more. Flags are in fields of the header ({@code Status}, {@code X-Status}, {@code X-Keywords}), which do not come in, as
 * other fields that programs write into such files for themselves. UIDs are not kept.
 */
final class MboxSource implements MailSource {
    private static final Pattern SEPARATOR_DATE =
            Pattern.compile("([A-Z][a-z]{2}) +(\\d{1,2}) (\\d\\d:\\d\\d:\\d\\d) (?:\\S+ )?(\\d{4})");
    /** Many a message has a line that begins with From and is not quoted; such a line has no time in it. */
    private static final Pattern SEPARATOR = Pattern.compile("From \\S.* \\d\\d:\\d\\d.* \\d{4}\\b.*");

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("MMM d HH:mm:ss yyyy", Locale.ENGLISH);
    private static final Pattern FIELD = Pattern.compile(
            "(?i)(status|x-status|x-keywords|x-uid|x-imapbase|x-imap|content-length):[ \t]*(.*?)[ \t\r]*");

    private final Path file;
    private final String path;
    private final long nowMillis;
    private final InputStream in;
    private final List<Skipped> skipped = new ArrayList<>();
    private final Occurrences occurrences = new Occurrences();
    private int number;

    /** The line that begins the next message, or null at the end. */
    private String separator;

    /**
     * A file.
     *
     * @param path of the folder that it becomes
     * @param nowMillis date of messages without one
     */
    MboxSource(Path file, String path, long nowMillis) throws IOException {
        this.file = file;
        this.path = path;
        this.nowMillis = nowMillis;
        this.in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        byte[] first = line();
        if (first != null && !isSeparator(first)) {
            in.close();
            throw new IOException(file + " is no mbox: it does not begin with From and a time");
        }
        separator = first == null ? null : text(first);
    }

    private static String text(byte[] line) {
        return new String(line, StandardCharsets.ISO_8859_1);
    }

    private static boolean isSeparator(byte[] line) {
        return line.length > 0
                && line[0] == 'F'
                && SEPARATOR.matcher(text(line).stripTrailing()).matches();
    }

    /** The next line with its end, or null. One longer than a message may be is cut, and its message passed over. */
    private byte[] line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(80);
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (line.size() <= MailboxStore.MAX_MESSAGE_BYTES) {
                line.write(c);
            }
            if (c == '\n') {
                break;
            }
        }
        return line.size() == 0 ? null : line.toByteArray();
    }

    /** A message as its lines come. */
    private static final class Lines {
        private final ByteWriter kept = new ByteWriter(1 << 12);
        private final List<String> keywords = new ArrayList<>();
        private int flags;
        private boolean isInHeader = true;
        /** The field that the line before is of, if it does not come in. */
        private String dropped = "";

        private boolean isInternal;
        private boolean isTooLarge;

        void add(byte[] line) {
            if (isInHeader && isField(line)) {
                return;
            }
            int from = isQuoted(line) ? 1 : 0;
            isTooLarge |= kept.size() + line.length > MailboxStore.MAX_MESSAGE_BYTES;
            if (!isTooLarge) {
                kept.raw(line, from, line.length - from);
            }
        }

        private static boolean isQuoted(byte[] line) {
            int at = 0;
            while (at < line.length && line[at] == '>') {
                at++;
            }
            return at > 0 && text(line).startsWith("From ", at);
        }

        /** True for a field that says something about the message and is none of it. */
        private boolean isField(byte[] line) {
            String text = text(line).stripTrailing();
            if (text.isEmpty()) {
                isInHeader = false;
                return false;
            }
            if (text.startsWith(" ") || text.startsWith("\t")) {
                read(dropped, text.strip());
                return !dropped.isEmpty();
            }
            Matcher field = FIELD.matcher(text);
            dropped = field.matches() ? field.group(1).toLowerCase(Locale.ROOT) : "";
            if (!dropped.isEmpty()) {
                read(dropped, field.group(2));
            }
            return !dropped.isEmpty();
        }

        private void read(String field, String value) {
            switch (field) {
                case "status" -> flags |= value.contains("R") ? MailFlags.SEEN : 0;
                case "x-status" -> {
                    flags |= value.contains("A") ? MailFlags.ANSWERED : 0;
                    flags |= value.contains("F") ? MailFlags.FLAGGED : 0;
                    flags |= value.contains("T") ? MailFlags.DRAFT : 0;
                    flags |= value.contains("D") ? MailFlags.DELETED : 0;
                }
                case "x-keywords" -> {
                    keywords.addAll(List.of(value.split("[ ,]+", -1)));
                    keywords.removeIf(String::isEmpty);
                }
                case "x-imap" -> isInternal = true;
                default -> {}
            }
        }
    }

    @Override
    public Message next() throws IOException {
        while (separator != null) {
            String begin = separator;
            separator = null;
            number++;
            Lines lines = new Lines();
            byte[] empty = null;
            for (byte[] line = line(); line != null; line = line()) {
                boolean isAfterEmpty = empty != null;
                if (isAfterEmpty && isSeparator(line)) {
                    separator = text(line);
                    break;
                }
                if (isAfterEmpty) {
                    lines.add(empty);
                }
                boolean isEmpty = line.length == 1 || (line.length == 2 && line[0] == '\r');
                empty = isEmpty && line[line.length - 1] == '\n' ? line : null;
                if (empty == null) {
                    lines.add(line);
                }
            }
            // The empty line before a separator, or at the end, is the file's. One that ends a header is the message's.
            if (empty != null && lines.isInHeader) {
                lines.add(empty);
            }
            if (lines.isInternal) {
                continue;
            }
            Bytes bytes = LineEnds.crlf(lines.kept.toArray());
            boolean isTooLarge = lines.isTooLarge || bytes.length() > MailboxStore.MAX_MESSAGE_BYTES;
            if (isTooLarge || bytes.isEmpty()) {
                skipped.add(new Skipped(file + ", message " + number, isTooLarge ? "too large" : "empty"));
                continue;
            }
            return new Message(
                    Message.NO_UID,
                    new NewMessage(bytes, date(begin), lines.flags, lines.keywords, Optional.of(id(begin, bytes))));
        }
        return null;
    }

    private EmailId id(String begin, Bytes message) {
        String line = begin.stripTrailing();
        EmailId first = SourceId.of(SourceId.Kind.MBOX, path, line, 0, message);
        int before = occurrences.add(new ByteReader(first.bytes()).u64());
        return before == 0 ? first : SourceId.of(SourceId.Kind.MBOX, path, line, before, message);
    }

    private long date(String line) {
        Matcher matcher = SEPARATOR_DATE.matcher(line);
        if (!matcher.find()) {
            return nowMillis;
        }
        String text = matcher.group(1) + " " + matcher.group(2) + " " + matcher.group(3) + " " + matcher.group(4);
        try {
            return Math.max(
                    0, LocalDateTime.parse(text, DATE).toInstant(ZoneOffset.UTC).toEpochMilli());
        } catch (DateTimeException noDate) {
            return nowMillis;
        }
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Optional<Uids> uids() {
        return Optional.empty();
    }

    @Override
    public void forgetUidsBelow(long uid) {
        // None has one.
    }

    @Override
    public List<Skipped> skipped() {
        return skipped;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
