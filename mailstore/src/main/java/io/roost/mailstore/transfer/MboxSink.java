package io.roost.mailstore.transfer;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.mailstore.mailbox.NumberedMessage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** A folder as an mbox file; the form is that of {@link MboxSource}. */
final class MboxSink implements MailSink {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final OutputStream out;

    /** A new file below a folder: that of Archive/2026 is {@code Archive/2026.mbox}. */
    MboxSink(Path root, String path) throws IOException {
        Path file = root.resolve(MaildirNames.levels(path, "/") + ".mbox");
        Files.createDirectories(file.getParent());
        out = new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), 1 << 16);
    }

    @Override
    public void write(FolderHeader header, NumberedMessage message, Bytes bytes) throws IOException {
        MailFlags flags = message.message().flags();
        StringBuilder head = new StringBuilder("From MAILER-DAEMON ")
                .append(DATE.format(Instant.ofEpochMilli(message.message().internalMillis())))
                .append("\nStatus: ")
                .append(flags.has(MailFlags.SEEN) ? "RO" : "O")
                .append("\nX-Status: ")
                .append(flags.has(MailFlags.ANSWERED) ? "A" : "")
                .append(flags.has(MailFlags.FLAGGED) ? "F" : "")
                .append(flags.has(MailFlags.DRAFT) ? "T" : "")
                .append(flags.has(MailFlags.DELETED) ? "D" : "")
                .append('\n');
        List<String> keywords = header.keywordsOf(flags.keywords());
        if (!keywords.isEmpty()) {
            head.append("X-Keywords: ").append(String.join(" ", keywords)).append('\n');
        }
        out.write(head.toString().getBytes(StandardCharsets.UTF_8));
        lines(bytes.array());
    }

    /** The message with LF, a {@code >} before each line that could be taken for the begin of another, and an empty line. */
    private void lines(byte[] bytes) throws IOException {
        int begin = 0;
        while (begin < bytes.length) {
            int end = begin;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            int quotes = begin;
            while (quotes < end && bytes[quotes] == '>') {
                quotes++;
            }
            if (new String(bytes, quotes, Math.min(5, end - quotes), StandardCharsets.ISO_8859_1).equals("From ")) {
                out.write('>');
            }
            boolean isCrLf = end < bytes.length && end > begin && bytes[end - 1] == '\r';
            out.write(bytes, begin, (isCrLf ? end - 1 : end) - begin);
            out.write('\n');
            begin = end + 1;
        }
        out.write('\n');
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
