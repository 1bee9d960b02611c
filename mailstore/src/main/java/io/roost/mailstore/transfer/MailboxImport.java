package io.roost.mailstore.transfer;

import io.roost.mailstore.classes.FolderRef;
import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.mailstore.store.BodyWork;
import io.roost.mailstore.store.MailException;
import io.roost.mailstore.store.MailboxStore;
import io.roost.mailstore.store.NewMessage;
import io.roost.mailstore.store.Steps;
import io.roost.mailstore.transfer.MailSource.Message;
import io.roost.mailstore.transfer.MailSource.Uids;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Brings mail of another store into an account. A folder that never had a message takes UIDs and UIDVALIDITY with it. When an
 * import is begun again, what has come in is left out, so that one that was cut off goes on, and later mail is added: what has
 * the id of a message that the account has ({@link SourceId}). A message whose UID the folder has given meanwhile gets a new
 * one; so does one that was expunged here for good, which comes back.
 */
public final class MailboxImport {
    /** Messages of one transaction. */
    private static final int BATCH_MESSAGES = 100;

    /** Bytes of them: what one transaction takes without stripes. */
    private static final long BATCH_BYTES = 3L * 1024 * 1024;

    private final MailboxStore store;
    private final BodyWork work;
    private final BodyWork.Elsewhere elsewhere;
    private final UidRule rule;

    /** Whether UIDs come with the messages. */
    public enum UidRule {
        /** Where the source has them. */
        KEPT,
        /** They get new ones, behind what is there. */
        NEW
    }

    /**
     * An import.
     *
     * @param elsewhere where files are read
     */
    public MailboxImport(MailboxStore store, BodyWork work, BodyWork.Elsewhere elsewhere, UidRule rule) {
        this.store = store;
        this.work = work;
        this.elsewhere = elsewhere;
        this.rule = rule;
    }

    /**
     * A folder that has come in.
     *
     * @param path where
     * @param messages that came now
     * @param present those that had come in before
     * @param uids whether they have kept them
     * @param skipped those that did not come
     */
    public record Folder(String path, long messages, long present, UidRule uids, List<Skipped> skipped) {
        /** Copies the list. */
        public Folder {
            skipped = List.copyOf(skipped);
        }
    }

    /**
     * A Maildir with its folders and subscriptions.
     *
     * @return what came in; fails with NOT_POSSIBLE where UIDs are to be kept and a folder has some of its own
     */
    public Future<List<Folder>> maildir(Path root) {
        return elsewhere
                .run(() -> MaildirSource.folders(root))
                .compose(this::folders)
                .compose(done -> elsewhere
                        .run(() -> MaildirSource.subscriptions(root))
                        .compose(names -> {
                            Iterator<String> left = names.iterator();
                            return Steps.repeat(() -> left.hasNext()
                                    ? store.subscribe(left.next()).map(v -> left.hasNext())
                                    : Future.succeededFuture(false));
                        })
                        .map(done));
    }

    /** One mbox file as a folder. */
    public Future<List<Folder>> mbox(Path file, String path, long nowMillis) {
        return elsewhere
                .run(() -> List.<MailSource>of(new MboxSource(file, path, nowMillis)))
                .compose(this::folders);
    }

    private Future<List<Folder>> folders(List<MailSource> sources) {
        List<Folder> done = new ArrayList<>();
        Iterator<MailSource> left = sources.iterator();
        return Steps.repeat(() -> {
                    MailSource source = left.next();
                    return folder(source)
                            .eventually(() -> elsewhere.run(() -> closed(source)))
                            .map(folder -> {
                                done.add(folder);
                                return left.hasNext();
                            });
                })
                .map(done);
    }

    private static Void closed(MailSource source) throws IOException {
        source.close();
        return null;
    }

    private Future<Folder> folder(MailSource source) {
        FolderRef folder = FolderRef.of(source.path());
        return store.createFolder(source.path(), "")
                .<Void>mapEmpty()
                .recover(failure -> MailException.is(failure, MailStatus.ALREADY_EXISTS)
                        ? Future.succeededFuture()
                        : Future.failedFuture(failure))
                .compose(made -> {
                    Optional<Uids> uids = rule == UidRule.KEPT ? source.uids() : Optional.empty();
                    return uids.isPresent() ? keeping(source, folder, uids.get()) : renumbering(source, folder);
                });
    }

    /** The messages of one transaction, and whether they are the last. */
    private record Batch(List<Message> messages, boolean isLast) {}

    /** What a source gives, in batches. */
    private static final class Batches {
        private final MailSource source;
        private Message pending;
        private long present;
        private long stored;

        Batches(MailSource source) {
            this.source = source;
        }

        Batch next() throws IOException {
            List<Message> messages = new ArrayList<>();
            long bytes = 0;
            while (true) {
                Message message = pending == null ? source.next() : pending;
                pending = null;
                if (message == null) {
                    return new Batch(messages, true);
                }
                bytes += message.message().bytes().length();
                boolean isFull = messages.size() == BATCH_MESSAGES || bytes > BATCH_BYTES;
                if (isFull && !messages.isEmpty()) {
                    pending = message;
                    return new Batch(messages, false);
                }
                messages.add(message);
            }
        }
    }

    private interface Storing {
        Future<?> store(List<Message> messages);
    }

    private Future<Void> each(Batches batches, Storing storing) {
        // One message more than a batch may be in memory.
        long bytes = MailboxStore.MAX_MESSAGE_BYTES;
        return Steps.repeat(() -> work.reserve(bytes)
                .compose(reserved -> elsewhere
                        .run(batches::next)
                        .compose(batch -> missing(batch.messages).compose(missing -> {
                            batches.present += batch.messages.size() - missing.size();
                            batches.stored += missing.size();
                            Future<?> stored = missing.isEmpty() ? Future.succeededFuture() : storing.store(missing);
                            return stored.map(done -> !batch.isLast);
                        }))
                        .onComplete(done -> work.release(bytes))));
    }

    /** Those that the account does not have. */
    private Future<List<Message>> missing(List<Message> messages) {
        List<EmailId> ids = messages.stream()
                .flatMap(message -> message.message().id().stream())
                .toList();
        return store.present(ids)
                .map(HashSet::new)
                .map(present -> messages.stream()
                        .filter(message ->
                                message.message().id().filter(present::contains).isEmpty())
                        .toList());
    }

    private static List<NewMessage> messages(List<Message> batch) {
        return batch.stream().map(Message::message).toList();
    }

    private static Folder folder(MailSource source, Batches batches, UidRule uids) {
        return new Folder(source.path(), batches.stored, batches.present, uids, source.skipped());
    }

    private Future<Folder> renumbering(MailSource source, FolderRef folder) {
        Batches batches = new Batches(source);
        return each(batches, batch -> store.append(folder, messages(batch)))
                .map(done -> folder(source, batches, UidRule.NEW));
    }

    private Future<Folder> keeping(MailSource source, FolderRef folder, Uids uids) {
        return store.adopt(folder, uids.validity(), 1).compose(next -> {
            // Messages that have no UID, or one that cannot be given any more, get theirs behind all that the source
            // has given.
            long[] fresh = {Math.max(next, uids.next())};
            source.forgetUidsBelow(next);
            Batches batches = new Batches(source);
            return each(batches, batch -> {
                        List<Long> given = batch.stream()
                                .map(message -> message.uid() == Message.NO_UID ? fresh[0]++ : message.uid())
                                .toList();
                        return store.importMessages(folder, uids.validity(), given, messages(batch));
                    })
                    .compose(done -> store.adopt(folder, uids.validity(), Math.max(uids.next(), fresh[0]))
                            .map(end -> folder(source, batches, UidRule.KEPT)));
        });
    }
}
