package io.roost.mailstore.transfer;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.classes.FolderClass;
import io.roost.mailstore.classes.FolderRef;
import io.roost.mailstore.classes.SelectClass;
import io.roost.mailstore.mailbox.FolderTree;
import io.roost.mailstore.mailbox.NumberedMessage;
import io.roost.mailstore.store.BodyWork;
import io.roost.mailstore.store.MailboxStore;
import io.roost.mailstore.store.Steps;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Writes an account's mail into a folder that is empty or does not exist. Each mail folder is as it was when its turn came. */
public final class MailboxExport {
    private final MailboxStore store;
    private final BodyWork.Elsewhere elsewhere;
    private final Form form;

    /** How mail is written. */
    public enum Form {
        /** A Maildir with Dovecot's files: flags, dates, UIDs, subscriptions. */
        MAILDIR,
        /** A file for each folder: flags and dates. */
        MBOX
    }

    /**
     * An export.
     *
     * @param elsewhere where files are written
     */
    public MailboxExport(MailboxStore store, BodyWork.Elsewhere elsewhere, Form form) {
        this.store = store;
        this.elsewhere = elsewhere;
        this.form = form;
    }

    /**
     * A folder that has been written.
     *
     * @param path which
     * @param messages how many
     * @param skipped those whose bodies are missing
     */
    public record Folder(String path, long messages, List<Skipped> skipped) {
        /** Copies the list. */
        public Folder {
            skipped = List.copyOf(skipped);
        }
    }

    /** Writes everything. */
    public Future<List<Folder>> into(Path root) {
        List<Folder> done = new ArrayList<>();
        return elsewhere
                .run(() -> emptied(root))
                .compose(ready -> store.folders())
                .compose(all -> {
                    Iterator<FolderTree.Node> left = all.tree().nodes().stream()
                            .filter(node -> node.kind() == FolderTree.Kind.FOLDER)
                            .iterator();
                    return Steps.repeat(() -> {
                                FolderTree.Node node = left.next();
                                return folder(root, node, all.tree().path(node)).map(folder -> {
                                    done.add(folder);
                                    return left.hasNext();
                                });
                            })
                            .compose(written -> elsewhere.run(() -> subscribed(root, all)));
                })
                .map(written -> done);
    }

    private static Void emptied(Path root) throws IOException {
        Files.createDirectories(root);
        try (Stream<Path> files = Files.list(root)) {
            if (files.findAny().isPresent()) {
                throw new IOException(root + " is not empty");
            }
        }
        return null;
    }

    private Void subscribed(Path root, FolderClass.ListReply all) throws IOException {
        if (form == Form.MAILDIR) {
            MaildirSink.subscriptions(root, all.tree().subscriptions());
        }
        return null;
    }

    private Future<Folder> folder(Path root, FolderTree.Node node, String path) {
        List<Skipped> missing = new ArrayList<>();
        long[] count = {0};
        return store.open(FolderRef.of(node.number()))
                .compose(opened -> elsewhere
                        .<MailSink>run(() -> form == Form.MAILDIR
                                ? new MaildirSink(root, path, opened.header(), node.guid())
                                : new MboxSink(root, path))
                        .compose(sink -> store.eachPage(
                                        node.number(), opened.uids(), page -> page(opened, sink, page, count, missing))
                                .eventually(() -> elsewhere.run(() -> closed(sink)))))
                .map(done -> new Folder(path, count[0], missing));
    }

    private static Void closed(MailSink sink) throws IOException {
        sink.close();
        return null;
    }

    private Future<Void> page(
            SelectClass.Reply opened, MailSink sink, List<NumberedMessage> page, long[] count, List<Skipped> missing) {
        Iterator<NumberedMessage> left = page.iterator();
        return Steps.repeat(() -> {
            if (!left.hasNext()) {
                return Future.succeededFuture(false);
            }
            NumberedMessage message = left.next();
            return store.bodies()
                    .withMessage(message.message().email(), message.message().sizeBytes(), bytes -> {
                        if (bytes == null) {
                            missing.add(new Skipped("UID " + message.uid(), "its body is missing"));
                            return Future.succeededFuture(true);
                        }
                        count[0]++;
                        return elsewhere.run(() -> written(opened, sink, message, bytes));
                    });
        });
    }

    private static Boolean written(SelectClass.Reply opened, MailSink sink, NumberedMessage message, Bytes bytes)
            throws IOException {
        sink.write(opened.header(), message, bytes);
        return true;
    }
}
