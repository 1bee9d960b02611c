package io.roost.mailstore.transfer;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.mailbox.FolderTree;
import io.roost.mailstore.store.MailboxStore;
import io.roost.mailstore.store.NewMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder of a Maildir: the files of {@code cur} and {@code new}, flags in their names, dates of files as internal dates;
 * UIDs and keywords from Dovecot's {@code dovecot-uidlist} and {@code dovecot-keywords} where they are.
 */
final class MaildirSource implements MailSource {
    private static final Pattern HEAD = Pattern.compile("3 .*?\\bV(\\d{1,10})\\b.*?\\bN(\\d{1,10})\\b.*");
    private static final Pattern LINE = Pattern.compile("(\\d{1,10}) (?:[^:]*? )?:(.*)");
    private static final Pattern KEYWORD = Pattern.compile("\\d+ (\\S+)");

    private final String path;
    private final Optional<Uids> uids;
    private final List<String> keywords;
    private Iterator<Entry> entries;
    private final List<Skipped> skipped = new ArrayList<>();

    /** Those without UID come last, as they would get one: by name, which begins with the time of delivery. */
    private static final Comparator<Entry> ORDER = Comparator.comparingLong(
                    (Entry entry) -> entry.uid == Message.NO_UID ? Long.MAX_VALUE : entry.uid)
            .thenComparing(entry -> entry.file.getFileName().toString());

    /** A file; of those with one name but for the flags, each has a number. */
    private record Entry(long uid, Path file, int number) {
        String base() {
            return MaildirFlags.base(file.getFileName().toString());
        }
    }

    private MaildirSource(String path, Optional<Uids> uids, List<String> keywords, List<Entry> entries) {
        this.path = path;
        this.uids = uids;
        this.keywords = keywords;
        this.entries = entries.iterator();
    }

    /** The folders of a Maildir, INBOX first. Names are those of Maildir++: {@code .Archive.2026} is Archive/2026. */
    static List<MailSource> folders(Path root) throws IOException {
        List<MailSource> folders = new ArrayList<>();
        if (!Files.isDirectory(root.resolve("cur"))) {
            throw new IOException(root + " is no Maildir: it has no folder cur");
        }
        folders.add(folder(root, FolderTree.INBOX));
        try (Stream<Path> names = Files.list(root)) {
            for (Path folder : names.sorted().toList()) {
                String name = folder.getFileName().toString();
                if (name.startsWith(".") && Files.isDirectory(folder.resolve("cur"))) {
                    folders.add(folder(folder, MaildirNames.path(name)));
                }
            }
        }
        return folders;
    }

    /** Names of folders that are subscribed to. */
    static List<String> subscriptions(Path root) throws IOException {
        Path file = root.resolve("subscriptions");
        if (!Files.exists(file)) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            // The first line of version 2 is its head; then levels are apart by tabs, before that by dots.
            if (!line.isBlank() && !line.startsWith("V\t")) {
                names.add(MaildirNames.path("." + line.replace('\t', '.')));
            }
        }
        return names;
    }

    private static MailSource folder(Path folder, String path) throws IOException {
        Map<String, Long> known = new HashMap<>();
        Optional<Uids> uids = uids(folder.resolve("dovecot-uidlist"), known);
        List<Entry> entries = new ArrayList<>();
        Map<String, Integer> names = new HashMap<>();
        for (String part : List.of("cur", "new")) {
            if (Files.isDirectory(folder.resolve(part))) {
                try (Stream<Path> files = Files.list(folder.resolve(part))) {
                    files.filter(file -> !file.getFileName().toString().startsWith("."))
                            .sorted()
                            .forEach(file -> {
                                String base =
                                        MaildirFlags.base(file.getFileName().toString());
                                // A second file of the name is a second message, and has no UID.
                                entries.add(new Entry(
                                        Objects.requireNonNullElse(known.remove(base), Message.NO_UID),
                                        file,
                                        names.merge(base, 1, Integer::sum) - 1));
                            });
                }
            }
        }
        entries.sort(ORDER);
        return new MaildirSource(path, uids, keywords(folder.resolve("dovecot-keywords")), entries);
    }

    private static Optional<Uids> uids(Path file, Map<String, Long> known) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        Matcher head = HEAD.matcher(lines.isEmpty() ? "" : lines.get(0));
        if (!head.matches()) {
            throw new IOException(file + " is of no known form");
        }
        for (String line : lines.subList(1, lines.size())) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                known.put(MaildirFlags.base(matcher.group(2)), Long.parseLong(matcher.group(1)));
            }
        }
        return Optional.of(new Uids(Long.parseLong(head.group(1)), Long.parseLong(head.group(2))));
    }

    private static List<String> keywords(Path file) throws IOException {
        List<String> keywords = new ArrayList<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                Matcher matcher = KEYWORD.matcher(line);
                if (matcher.matches()) {
                    keywords.add(matcher.group(1));
                }
            }
        }
        return keywords;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Optional<Uids> uids() {
        return uids;
    }

    @Override
    public void forgetUidsBelow(long uid) {
        List<Entry> left = new ArrayList<>();
        entries.forEachRemaining(
                each -> left.add(each.uid < uid ? new Entry(Message.NO_UID, each.file, each.number) : each));
        left.sort(ORDER);
        entries = left.iterator();
    }

    @Override
    public Message next() throws IOException {
        while (entries.hasNext()) {
            Entry entry = entries.next();
            long sizeBytes = Files.size(entry.file);
            if (sizeBytes == 0 || sizeBytes > MailboxStore.MAX_MESSAGE_BYTES) {
                skipped.add(new Skipped(entry.file.toString(), sizeBytes == 0 ? "empty" : "too large"));
                continue;
            }
            MaildirFlags flags = MaildirFlags.of(entry.file.getFileName().toString(), keywords);
            Bytes bytes = LineEnds.crlf(Files.readAllBytes(entry.file));
            NewMessage message = new NewMessage(
                    bytes,
                    Math.max(0, Files.getLastModifiedTime(entry.file).toMillis()),
                    flags.system(),
                    flags.keywords(),
                    Optional.of(SourceId.of(SourceId.Kind.MAILDIR, path, entry.base(), entry.number, bytes)));
            if (message.bytes().length() > MailboxStore.MAX_MESSAGE_BYTES) {
                skipped.add(new Skipped(entry.file.toString(), "too large"));
                continue;
            }
            return new Message(entry.uid, message);
        }
        return null;
    }

    @Override
    public List<Skipped> skipped() {
        return skipped;
    }

    @Override
    public void close() {
        // Each file is open while it is read.
    }
}
