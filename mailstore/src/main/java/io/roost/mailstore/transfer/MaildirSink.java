package io.roost.mailstore.transfer;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.FolderTree;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.mailstore.mailbox.NumberedMessage;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.List;

/**
 * A folder of a Maildir, with the UIDs, keywords and subscriptions of Dovecot's files. Messages are written as they are, with
 * CRLF; internal dates are the dates of the files.
 */
final class MaildirSink implements MailSink {
    private final Path folder;
    private final BufferedWriter uids;

    /** A new folder of a Maildir. */
    MaildirSink(Path root, String path, FolderHeader header, Bytes guid) throws IOException {
        folder = root.resolve(MaildirNames.folder(path));
        for (String part : List.of("cur", "new", "tmp")) {
            Files.createDirectories(folder.resolve(part));
        }
        if (!path.equals(FolderTree.INBOX)) {
            Files.createFile(folder.resolve("maildirfolder"));
        }
        StringBuilder keywords = new StringBuilder();
        for (int number = 0; number < Math.min(header.keywords().size(), MaildirFlags.MAX_KEYWORDS); number++) {
            keywords.append(number)
                    .append(' ')
                    .append(header.keywords().get(number))
                    .append('\n');
        }
        Files.writeString(folder.resolve("dovecot-keywords"), keywords);
        uids = Files.newBufferedWriter(folder.resolve("dovecot-uidlist"), StandardCharsets.UTF_8);
        uids.write("3 V" + header.uidValidity() + " N" + header.uidNext() + " G" + guid.hex() + "\n");
    }

    @Override
    public void write(FolderHeader header, NumberedMessage message, Bytes bytes) throws IOException {
        MailFlags flags = message.message().flags();
        MaildirFlags named = new MaildirFlags(flags.system(), header.keywordsOf(flags.keywords()));
        long millis = message.message().internalMillis();
        String base = millis / 1000 + ".U" + message.uid() + "."
                + message.message().email().bytes().hex() + ".roost,S=" + bytes.length();
        Path file = folder.resolve("cur").resolve(base + named.suffix(header.keywords()));
        Files.write(file, bytes.array());
        Files.setLastModifiedTime(file, FileTime.fromMillis(millis));
        uids.write(message.uid() + " :" + base + "\n");
    }

    /** Writes the names that are subscribed to. */
    static void subscriptions(Path root, Collection<String> names) throws IOException {
        StringBuilder text = new StringBuilder("V\t2\n\n");
        names.forEach(name -> text.append(MaildirNames.levels(name, "\t")).append('\n'));
        Files.writeString(root.resolve("subscriptions"), text);
    }

    @Override
    public void close() throws IOException {
        uids.close();
    }
}
