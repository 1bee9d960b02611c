package io.roost.mailstore.mailbox;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an account was at some time, but for its bodies: the object that ends a checkpoint. Its messages are in
 * {@link Page}s.
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * time     varint  Unix milliseconds
 * pages    varint
 * account  bytes, {@link AccountHeader}
 * tree     bytes, {@link FolderTree}
 * folders  count varint; each: number varint, {@link FolderHeader} bytes
 * </pre>
 *
 * @param atMillis when it was begun, Unix milliseconds
 * @param pages how many there are
 * @param account its header
 * @param tree its folders
 * @param folders their headers
 */
public record AccountCheckpoint(
        long atMillis,
        int pages,
        AccountHeader account,
        FolderTree tree,
        SortedMap<FolderNumber, FolderHeader> folders) {
    private static final int VERSION = 1;

    /** Copies the map. */
    public AccountCheckpoint {
        SortedMap<FolderNumber, FolderHeader> copy = ordered();
        copy.putAll(folders);
        folders = copy;
    }

    /** A map of folders, by number. */
    public static <T> SortedMap<FolderNumber, T> ordered() {
        return new TreeMap<>((one, other) -> Integer.compare(one.value(), other.value()));
    }

    /** The object's bytes. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(1024);
        int mark = out.begin(VERSION, 1);
        out.varint(atMillis).varint(pages).bytes(account.encode()).bytes(tree.encode());
        out.varint(folders.size());
        for (Map.Entry<FolderNumber, FolderHeader> folder : folders.entrySet()) {
            out.varint(folder.getKey().value()).bytes(folder.getValue().encode());
        }
        return out.end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static AccountCheckpoint decode(Bytes bytes) {
        ByteReader in = new ByteReader(bytes);
        ByteReader.Struct struct = in.begin(VERSION);
        long atMillis = in.varint();
        int pages = in.count(Integer.MAX_VALUE);
        AccountHeader account = AccountHeader.decode(in.bytes());
        FolderTree tree = FolderTree.decode(in.bytes());
        int count = in.count(FolderTree.MAX_FOLDERS);
        SortedMap<FolderNumber, FolderHeader> folders = ordered();
        for (int i = 0; i < count; i++) {
            folders.put(new FolderNumber(in.count(Integer.MAX_VALUE)), FolderHeader.decode(in.bytes()));
        }
        in.end(struct);
        return new AccountCheckpoint(atMillis, pages, account, tree, folders);
    }

    /**
     * A message of a folder.
     *
     * @param folder where
     * @param message with its UID
     */
    public record Item(FolderNumber folder, NumberedMessage message) {}

    /**
     * An expunged message that can be had back.
     *
     * @param place where it was
     * @param kept what is kept
     */
    public record KeptItem(EmailReferences.Place place, KeptMessage kept) {}

    /**
     * Messages and dicts of a checkpoint.
     *
     * <pre>
     * version u8, compat u8, length u32   of the struct, 1 without dicts
     * messages  count varint; each: folder varint, UID varint, {@link MessageRecord}
     * kept      count varint; each: folder varint, UID varint, {@link KeptMessage} bytes
     * dicts     count varint; each: {@link MailRow}
     * </pre>
     *
     * @param items messages of folders
     * @param kept expunged ones
     * @param dicts rows of dicts
     */
    public record Page(List<Item> items, List<KeptItem> kept, List<MailRow> dicts) {
        private static final int PAGE_VERSION = 2;

        /** Messages of a page: 3 MiB at most, so that it is an object without stripes. */
        public static final int MAX_ITEMS = 10_000;

        /** Copies the lists. */
        public Page {
            items = List.copyOf(items);
            kept = List.copyOf(kept);
            dicts = List.copyOf(dicts);
        }

        /** The object's bytes. */
        public Bytes encode() {
            ByteWriter out = new ByteWriter(64 + 96 * items.size());
            int mark = out.begin(PAGE_VERSION, 1);
            out.varint(items.size());
            for (Item item : items) {
                out.varint(item.folder.value()).varint(item.message.uid());
                item.message.message().encode(out);
            }
            out.varint(kept.size());
            for (KeptItem item : kept) {
                out.varint(item.place.folder().value()).varint(item.place.uid());
                out.bytes(item.kept.encode());
            }
            out.varint(dicts.size());
            dicts.forEach(row -> row.encode(out));
            return out.end(mark).toBytes();
        }

        /** Reads what {@link #encode} writes. */
        public static Page decode(Bytes bytes) {
            ByteReader in = new ByteReader(bytes);
            ByteReader.Struct struct = in.begin(PAGE_VERSION);
            int count = in.count(MAX_ITEMS);
            List<Item> items = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                FolderNumber folder = new FolderNumber(in.count(Integer.MAX_VALUE));
                items.add(new Item(folder, new NumberedMessage(in.varint(), MessageRecord.decode(in))));
            }
            int keptCount = in.count(MAX_ITEMS);
            List<KeptItem> kept = new ArrayList<>(keptCount);
            for (int i = 0; i < keptCount; i++) {
                FolderNumber folder = new FolderNumber(in.count(Integer.MAX_VALUE));
                kept.add(new KeptItem(new EmailReferences.Place(folder, in.varint()), KeptMessage.decode(in.bytes())));
            }
            int dictCount = struct.version() == 1 ? 0 : in.count(MAX_ITEMS);
            List<MailRow> dicts = new ArrayList<>(dictCount);
            for (int i = 0; i < dictCount; i++) {
                dicts.add(MailRow.decode(in));
            }
            in.end(struct);
            return new Page(items, kept, dicts);
        }
    }
}
