package io.roost.mailstore.store;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.classes.AccountClass.NewFolder;
import io.roost.mailstore.mailbox.AccountCheckpoint;
import io.roost.mailstore.mailbox.AccountCheckpoint.Item;
import io.roost.mailstore.mailbox.AccountCheckpoint.KeptItem;
import io.roost.mailstore.mailbox.AccountHeader;
import io.roost.mailstore.mailbox.AccountHeader.Quota;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.ChangeRow;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.mailstore.mailbox.EmailReferences;
import io.roost.mailstore.mailbox.EmailReferences.Place;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.FolderHeader.Counts;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.FolderTree;
import io.roost.mailstore.mailbox.KeptMessage;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.mailstore.mailbox.MailRow;
import io.roost.mailstore.mailbox.MailRows;
import io.roost.mailstore.mailbox.MessageRecord;
import io.roost.mailstore.mailbox.NumberedMessage;
import io.roost.mailstore.mailbox.UidCheckpoint;
import io.roost.mailstore.mailbox.UidSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * The rows of an account, made from a checkpoint and the bodies that are there: what the checkpoint says of a body is so; one that
 * it does not know goes to the folder that it was delivered to, with the flags that it had then, and a UID behind all others.
 * What it says of a body that is not there is left out. For one use.
 */
final class RebuiltAccount {
    private static final Bytes NO_GUID = Bytes.wrap(new byte[AccountCheckpoints.ID_BYTES]);

    private final AccountId account;
    private final Randomness random;
    private final long nowMillis;
    private final Map<EmailId, List<Item>> items = new HashMap<>();
    private final Map<EmailId, List<KeptItem>> kept = new HashMap<>();
    private final SortedMap<FolderNumber, Folder> folders = AccountCheckpoint.ordered();
    private FolderTree tree;
    private AccountHeader header;
    private long known;
    private long unknown;
    private long keptMessages;

    /** A folder that fills; its UIDVALIDITY is new, so its change log begins anew too. */
    private final class Folder {
        private final FolderNumber number;
        private final List<String> keywords;
        private final UidSet.Builder added = new UidSet.Builder();
        private final List<Long> uids = new ArrayList<>();
        private final long modSeq;
        private Counts counts = Counts.NONE;
        private long uidNext;

        Folder(FolderNumber number, FolderHeader before) {
            this.number = number;
            this.keywords = before.keywords();
            this.uidNext = before.uidNext();
            this.modSeq = before.log().highestModSeq() + 1;
        }

        MailRow add(long uid, MessageRecord record) {
            uids.add(uid);
            uidNext = Math.max(uidNext, uid + 1);
            counts = counts.plus(record.flags(), record.sizeBytes());
            header = header.withUsed(header.used().plus(record.sizeBytes(), 1));
            return MailRow.of(MailRows.message(account, number, uid), record.encode());
        }

        List<MailRow> rows(long uidValidity) {
            uids.stream().sorted().forEach(added::add);
            FolderHeader after = new FolderHeader(
                    uidValidity, uidNext, new FolderHeader.Log(modSeq, modSeq, 0, modSeq), counts, keywords);
            UidCheckpoint checkpoint =
                    new UidCheckpoint().apply(new ChangeRow(added.build(), UidSet.EMPTY, UidSet.EMPTY));
            return List.of(
                    MailRow.of(MailRows.folder(account, number), after.encode()),
                    MailRow.ofValue(MailRows.checkpoint(account, number), checkpoint.encode()));
        }
    }

    /** An account without a checkpoint, with the folders of a new one. */
    RebuiltAccount(AccountId account, AccountHeader known, long nowMillis, Randomness random) {
        this.account = account;
        this.random = random;
        this.nowMillis = nowMillis;
        this.header = known.withUsed(Quota.NONE);
        this.tree = FolderTree.empty();
        for (NewFolder folder : MailAccounts.newFolders(random)) {
            // INBOX has its number for good; the others get numbers that none has had.
            FolderNumber number = folder.path().equals(FolderTree.INBOX) ? FolderNumber.INBOX : nextNumber();
            tree = tree.with(folder.path(), number, folder.guid(), folder.specialUse(), FolderTree.Kind.FOLDER)
                    .subscribed(folder.path());
            folders.put(number, new Folder(number, FolderHeader.empty(1)));
        }
    }

    /** An account as a checkpoint has it. */
    RebuiltAccount(
            AccountId account,
            AccountCheckpoints.Read checkpoint,
            AccountHeader known,
            long nowMillis,
            Randomness random) {
        this.account = account;
        this.random = random;
        this.nowMillis = nowMillis;
        this.header = known.withUsed(Quota.NONE);
        this.tree = checkpoint.account().tree();
        checkpoint.account().folders().forEach((number, before) -> folders.put(number, new Folder(number, before)));
        for (AccountCheckpoint.Page page : checkpoint.pages()) {
            page.items().stream()
                    .filter(item -> folders.containsKey(item.folder()))
                    .forEach(item -> items.computeIfAbsent(
                                    item.message().message().email(), email -> new ArrayList<>())
                            .add(item));
            page.kept()
                    .forEach(item -> kept.computeIfAbsent(item.kept().record().email(), email -> new ArrayList<>())
                            .add(item));
        }
    }

    private FolderNumber nextNumber() {
        FolderNumber number = new FolderNumber(Math.max(header.nextFolder(), FolderNumber.INBOX.value() + 1));
        header = new AccountHeader(number.value() + 1, header.lastUidValidity(), header.used(), header.limit());
        return number;
    }

    /**
     * The rows of a body that is there.
     *
     * @param content encoded row of what is known of it, empty when it cannot be read
     * @return nothing for one of which too little is known
     */
    List<MailRow> body(EmailId email, DeliveredAs delivered, Bytes content) {
        List<Item> places = items.remove(email);
        List<KeptItem> keptPlaces = kept.remove(email);
        List<MailRow> rows = new ArrayList<>();
        List<Place> references = new ArrayList<>();
        if (places == null && keptPlaces == null) {
            if (delivered.sizeBytes() == DeliveredAs.UNKNOWN) {
                return List.of();
            }
            unknown++;
            Folder folder = folder(delivered.folder());
            long uid = folder.uidNext;
            rows.add(folder.add(uid, record(folder, email, delivered)));
            references.add(new Place(folder.number, uid));
        }
        for (Item item : places == null ? List.<Item>of() : places) {
            NumberedMessage message = item.message();
            known++;
            rows.add(folders.get(item.folder()).add(message.uid(), message.message()));
            references.add(new Place(item.folder(), message.uid()));
        }
        for (KeptItem item : keptPlaces == null ? List.<KeptItem>of() : keptPlaces) {
            Place place = item.place();
            KeptMessage message = item.kept();
            keptMessages++;
            rows.add(MailRow.of(MailRows.kept(account, place.folder(), place.uid()), message.encode()));
            rows.add(MailRow.of(
                    MailRows.keptEnd(message.dueMillis(), account, place.folder(), place.uid()), Bytes.EMPTY));
            references.add(place);
        }
        rows.add(MailRow.of(MailRows.references(account, email), new EmailReferences(references).encode()));
        if (!content.isEmpty()) {
            rows.add(MailRow.ofValue(MailRows.content(account, email), content));
        }
        return rows;
    }

    private MessageRecord record(Folder folder, EmailId email, DeliveredAs delivered) {
        return new MessageRecord(
                email,
                delivered.internalMillis(),
                nowMillis,
                delivered.sizeBytes(),
                new MailFlags(delivered.systemFlags(), 0),
                folder.modSeq,
                email);
    }

    /** The folder of a path, made when it is missing; INBOX when it is not known, or there is room for no more. */
    private Folder folder(String path) {
        FolderTree.Node node = path.isEmpty() ? null : tree.find(path);
        if (node != null && node.kind() == FolderTree.Kind.FOLDER) {
            return folders.get(node.number());
        }
        boolean isPossible =
                !path.isEmpty() && tree.nodes().size() + tree.missingAbove(path).size() < FolderTree.MAX_FOLDERS;
        return isPossible ? make(path, node) : folders.get(FolderNumber.INBOX);
    }

    /** A name that is there gets the number of a folder of its own, as when a user makes it. */
    private Folder make(String path, FolderTree.Node name) {
        for (String above : tree.missingAbove(path)) {
            tree = tree.with(above, nextNumber(), NO_GUID, "", FolderTree.Kind.NAME_ONLY);
        }
        FolderNumber number = nextNumber();
        tree = (name == null ? tree : tree.renumbered(name, number))
                .with(path, number, random.bytes(AccountCheckpoints.ID_BYTES), "", FolderTree.Kind.FOLDER)
                .subscribed(path);
        Folder made = new Folder(number, FolderHeader.empty(1));
        folders.put(number, made);
        return made;
    }

    /** The rows of the folders, when all bodies are in; from now on {@link #header} is that of the account. */
    List<MailRow> folders() {
        List<MailRow> rows = new ArrayList<>();
        for (Folder folder : folders.values()) {
            long uidValidity = header.nextUidValidity(nowMillis);
            header = header.withUidValidity(uidValidity);
            rows.addAll(folder.rows(uidValidity));
        }
        rows.add(MailRow.ofValue(MailRows.tree(account), tree.encode()));
        return rows;
    }

    AccountHeader header() {
        return header;
    }

    /** Messages that are as the checkpoint has them. */
    long known() {
        return known;
    }

    /** Messages that only the bucket knows. */
    long unknown() {
        return unknown;
    }

    /** Expunged messages that can be had back. */
    long kept() {
        return keptMessages;
    }

    /** Messages of the checkpoint, and kept ones, whose bodies are not there. */
    long gone() {
        return items.values().stream().mapToLong(List::size).sum()
                + kept.values().stream().mapToLong(List::size).sum();
    }
}
