package io.roost.mailstore.store;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.mailstore.classes.CheckpointClass;
import io.roost.mailstore.classes.FolderClass;
import io.roost.mailstore.classes.KeptClass;
import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.mailbox.AccountCheckpoint;
import io.roost.mailstore.mailbox.AccountCheckpoint.Item;
import io.roost.mailstore.mailbox.AccountCheckpoint.KeptItem;
import io.roost.mailstore.mailbox.AccountCheckpoint.Page;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.MailRow;
import io.roost.mailstore.mailbox.UidSet;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.ObjectMetadata;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.LongSupplier;

/**
 * The checkpoints of an account: objects of another bucket, so that they do not go with what they are for.
 *
 * <pre>
 * account id/time in milliseconds, 15 digits/page number, 6 digits   {@link Page}
 * account id/time in milliseconds, 15 digits/whole                   {@link AccountCheckpoint}, written last
 * </pre>
 *
 * Each is in the form of a body ({@link StoredBody}). An account may be used while its checkpoint is made: each folder is as it
 * was at some moment of that time, and a message that moved meanwhile may be in both folders or in none.
 */
public final class AccountCheckpoints {
    /** Older ones than these are removed when a new one is whole. */
    private static final int KEPT = 2;

    /** Of random ids. */
    static final int ID_BYTES = 16;

    /** Kept messages, which have names of keywords, or rows of dicts of a page; one row may have 1 MiB more. */
    private static final int MAX_PAGE_BYTES = 2 * 1024 * 1024;

    private static final String WHOLE = "whole";

    private final IoContext cluster;
    private final AccountPlace place;
    private final LongSupplier nowMillis;
    private final Randomness random;

    /**
     * Checkpoints.
     *
     * @param place of the account in the bucket of checkpoints
     */
    AccountCheckpoints(IoContext cluster, AccountPlace place, LongSupplier nowMillis, Randomness random) {
        this.cluster = cluster;
        this.place = place;
        this.nowMillis = nowMillis;
        this.random = random;
    }

    /**
     * What a checkpoint holds.
     *
     * @param atMillis when it was begun, Unix milliseconds
     * @param messages of folders
     * @param kept expunged ones that can be had back
     */
    public record Made(long atMillis, long messages, long kept) {}

    /**
     * A checkpoint that was read.
     *
     * @param account what it says of the account
     * @param pages its messages
     */
    record Read(AccountCheckpoint account, List<Page> pages) {}

    private Bytes key(long atMillis, String rest) {
        return Bytes.utf8(
                String.format(Locale.ROOT, "%s/%015d/%s", place.account().text(), atMillis, rest));
    }

    private Future<CallReply> call(ClassCall call) {
        return cluster.call(place.locatorKey(), call).compose(reply -> {
            if (reply.isOk()) {
                return Future.succeededFuture(reply);
            }
            reply.data().release();
            return Future.failedFuture(new MailException(MailStatus.ofCode(reply.status())));
        });
    }

    private Future<Void> put(Bytes key, Bytes content) {
        byte[] stored = StoredBody.of(content);
        long now = nowMillis.getAsLong();
        return call(new CheckpointClass.PutParameters(
                                place.shard(),
                                key,
                                MessageFacts.head(stored, random.bytes(ID_BYTES), Manifest.inline(), now),
                                ObjectMetadata.EMPTY.encode(),
                                now + MailboxStore.GARBAGE_MILLIS)
                        .call(Data.wrap(stored)))
                .mapEmpty();
    }

    /** A checkpoint under way: a page is written when it is full. */
    private final class Writing {
        private final long atMillis = nowMillis.getAsLong();
        private final List<Item> items = new ArrayList<>();
        private final List<KeptItem> kept = new ArrayList<>();
        private final List<MailRow> dicts = new ArrayList<>();
        private long messages;
        private long keptMessages;
        private int pages;

        Future<Void> flush(int atLeast) {
            if (items.size() + kept.size() + dicts.size() < atLeast) {
                return Future.succeededFuture();
            }
            messages += items.size();
            keptMessages += kept.size();
            Page page = new Page(items, kept, dicts);
            items.clear();
            kept.clear();
            dicts.clear();
            return put(key(atMillis, String.format(Locale.ROOT, "%06d", pages++)), page.encode());
        }

        Future<Void> folder(MailboxStore store, FolderNumber folder) {
            return store.eachPage(folder, UidSet.of(1, UidSet.MAX_UID), page -> {
                page.forEach(message -> items.add(new Item(folder, message)));
                // A page of messages more is never beyond the bound.
                return flush(Page.MAX_ITEMS / 2);
            });
        }

        Future<Void> kept(List<KeptClass.Listed> all) {
            Iterator<KeptClass.Listed> left = all.iterator();
            return Steps.repeat(() -> {
                int bytes = 0;
                while (left.hasNext() && kept.size() < Page.MAX_ITEMS && bytes < MAX_PAGE_BYTES) {
                    KeptClass.Listed each = left.next();
                    kept.add(new KeptItem(each.place(), each.kept()));
                    bytes += each.kept().encode().length();
                }
                return flush(1).map(done -> left.hasNext());
            });
        }

        Future<Void> dicts(List<MailRow> all) {
            Iterator<MailRow> left = all.iterator();
            return Steps.repeat(() -> {
                int bytes = 0;
                while (left.hasNext() && bytes < MAX_PAGE_BYTES) {
                    MailRow row = left.next();
                    dicts.add(row);
                    bytes += row.bytes();
                }
                return flush(1).map(done -> left.hasNext());
            });
        }
    }

    /** Makes one; the account may be in use. */
    public Future<Made> make(MailboxStore store, AccountAdmin admin) {
        Writing writing = new Writing();
        return store.folders().compose(all -> {
            Iterator<FolderClass.Numbered> left = all.folders().iterator();
            return Steps.repeat(() -> left.hasNext()
                            ? writing.folder(store, left.next().number())
                                    // Removed meanwhile.
                                    .recover(failure -> MailException.is(failure, MailStatus.NO_SUCH_FOLDER)
                                            ? Future.succeededFuture()
                                            : Future.failedFuture(failure))
                                    .map(done -> left.hasNext())
                            : Future.succeededFuture(false))
                    .compose(done -> admin.kept())
                    .compose(writing::kept)
                    .compose(done -> admin.dicts())
                    .compose(writing::dicts)
                    // Asked again: UIDs and keywords of all messages of the pages are given in these headers.
                    .compose(done -> store.folders())
                    .compose(now -> put(key(writing.atMillis, WHOLE), whole(writing, now)))
                    .compose(done -> removeOld())
                    .map(done -> new Made(writing.atMillis, writing.messages, writing.keptMessages));
        });
    }

    private static Bytes whole(Writing writing, FolderClass.ListReply all) {
        SortedMap<FolderNumber, FolderHeader> headers = AccountCheckpoint.ordered();
        all.folders().forEach(folder -> headers.put(folder.number(), folder.header()));
        return new AccountCheckpoint(writing.atMillis, writing.pages, all.account(), all.tree(), headers).encode();
    }

    private Future<List<Bytes>> keys() {
        Bytes prefix = Bytes.utf8(place.account().text() + "/");
        List<Bytes> all = new ArrayList<>();
        return Steps.repeat(() -> call(new CheckpointClass.ListParameters(
                                        prefix, all.isEmpty() ? Bytes.EMPTY : all.get(all.size() - 1))
                                .call())
                        .map(reply -> {
                            List<Bytes> page = CheckpointClass.keys(reply.output());
                            all.addAll(page);
                            return page.size() == CheckpointClass.MAX_KEYS;
                        }))
                .map(all);
    }

    private static List<Bytes> whole(List<Bytes> keys) {
        return keys.stream().filter(key -> key.utf8().endsWith("/" + WHOLE)).toList();
    }

    /** Removes all before the last few that are whole, pages of those that never were among them. */
    private Future<Void> removeOld() {
        return keys().compose(keys -> {
            List<Bytes> whole = whole(keys);
            if (whole.size() <= KEPT) {
                return Future.succeededFuture();
            }
            String first = whole.get(whole.size() - KEPT).utf8();
            String begin = first.substring(0, first.length() - WHOLE.length());
            Iterator<Bytes> left =
                    keys.stream().filter(key -> key.utf8().compareTo(begin) < 0).iterator();
            return Steps.repeat(() -> {
                List<Bytes> some = new ArrayList<>();
                while (left.hasNext() && some.size() < CheckpointClass.MAX_KEYS) {
                    some.add(left.next());
                }
                return call(new CheckpointClass.RemoveParameters(
                                        place.shard(), some, nowMillis.getAsLong() + MailboxStore.GARBAGE_MILLIS)
                                .call())
                        .map(done -> left.hasNext());
            });
        });
    }

    private Future<Bytes> get(Bytes key) {
        return call(CheckpointClass.get(key)).map(reply -> {
            byte[] stored = reply.data().toArray();
            reply.data().release();
            Bytes content = StoredBody.message(stored);
            if (content == null) {
                throw new MailException(MailStatus.NO_SUCH_BODY);
            }
            return content;
        });
    }

    /** The newest one that can be read whole, if there is any. */
    Future<Optional<Read>> last() {
        return keys().compose(keys -> newest(whole(keys)));
    }

    private Future<Optional<Read>> newest(List<Bytes> whole) {
        if (whole.isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        int last = whole.size() - 1;
        return read(whole.get(last))
                .map(Optional::of)
                .recover(failure -> failure instanceof MailException || failure instanceof MalformedBytesException
                        ? newest(whole.subList(0, last))
                        : Future.failedFuture(failure));
    }

    private Future<Read> read(Bytes whole) {
        return get(whole).map(AccountCheckpoint::decode).compose(account -> {
            List<Page> pages = new ArrayList<>();
            return Steps.repeat(() -> pages.size() < account.pages()
                            ? get(key(account.atMillis(), String.format(Locale.ROOT, "%06d", pages.size())))
                                    .map(page -> pages.add(Page.decode(page)))
                            : Future.succeededFuture(false))
                    .map(done -> new Read(account, pages));
        });
    }
}
