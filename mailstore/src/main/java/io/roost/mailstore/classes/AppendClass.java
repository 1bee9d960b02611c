package io.roost.mailstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.mailstore.mailbox.EmailReferences;
import io.roost.mailstore.mailbox.EmailReferences.Place;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.mailstore.mailbox.MessageRecord;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.Manifest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * {@code mailbox.append}: messages come into a folder, all or none, with their bodies, in one transaction. An email id
 * that the account has already is that of an earlier try, whose UIDs are answered when all of it is there.
 *
 * <p>Statuses: NO_SUCH_BUCKET, STALE_BUCKET, NO_SUCH_ACCOUNT, NO_SUCH_FOLDER, OVER_QUOTA, NO_SUCH_INTENT, LIMIT,
 * BODY_EXISTS.
 */
public final class AppendClass {
    static final String METHOD = "append";

    private static final int VERSION = 1;
    private static final int ID_BYTES = 16;

    /** Messages of one call: RFC 3502's MULTIAPPEND, as many as IMAP's reader takes. */
    static final int MAX_ITEMS = MailTransaction.MAX_MESSAGES;

    private AppendClass() {}

    /**
     * A message.
     *
     * @param email a new id
     * @param facts what the folder says of it
     * @param head of its body, inline or striped; its write tag is the email id
     * @param metadata encoded {@link io.roost.objectstore.layout.ObjectMetadata} of the body
     * @param content encoded {@link io.roost.mailstore.mailbox.ContentRow}
     */
    public record Item(EmailId email, Facts facts, Head head, Bytes metadata, Bytes content) {
        /** Checks that nothing is null, and the head. */
        public Item {
            Objects.requireNonNull(email, "email");
            Objects.requireNonNull(facts, "facts");
            if (head.isDeleteMarker() || head.manifest() instanceof Manifest.Parts) {
                throw new IllegalArgumentException("a message of " + head);
            }
        }

        private void encode(ByteWriter out) {
            out.raw(email.bytes());
            facts.encode(out);
            out.bytes(head.encode()).bytes(metadata).bytes(content);
        }

        private static Item decode(ByteReader in) {
            return new Item(
                    new EmailId(in.raw(ID_BYTES)), Facts.decode(in), Head.decode(in.bytes()), in.bytes(), in.bytes());
        }

        /** Bytes of its body in the call's data. */
        long inlineBytes() {
            return head.manifest() instanceof Manifest.Inline ? head.sizeBytes() : 0;
        }
    }

    /**
     * What a folder says of a message.
     *
     * @param internalMillis internal date, Unix milliseconds
     * @param sizeBytes octets as IMAP tells them
     * @param systemFlags bits of {@link MailFlags}
     * @param keywords to begin with
     * @param thread of its conversation; its own email id when it is the first
     */
    public record Facts(long internalMillis, long sizeBytes, int systemFlags, List<String> keywords, EmailId thread) {
        /** Copies the list and checks the ranges. */
        public Facts {
            keywords = checked(keywords);
            if (internalMillis < 0 || sizeBytes < 0 || (systemFlags & ~MailFlags.ALL_SYSTEM) != 0) {
                throw new IllegalArgumentException("message of " + sizeBytes + " bytes, flags " + systemFlags);
            }
        }

        private void encode(ByteWriter out) {
            out.varint(internalMillis).varint(sizeBytes).u8(systemFlags);
            encodeTexts(out, keywords);
            out.raw(thread.bytes());
        }

        private static Facts decode(ByteReader in) {
            return new Facts(in.varint(), in.varint(), in.u8(), decodeTexts(in), new EmailId(in.raw(ID_BYTES)));
        }
    }

    static List<String> checked(List<String> keywords) {
        for (String keyword : keywords) {
            if (keyword.isEmpty() || keyword.length() > FolderHeader.MAX_KEYWORD_CHARACTERS) {
                throw new IllegalArgumentException("keyword of " + keyword.length() + " characters");
            }
        }
        return List.copyOf(keywords);
    }

    static void encodeTexts(ByteWriter out, List<String> texts) {
        out.varint(texts.size());
        texts.forEach(out::text);
    }

    static List<String> decodeTexts(ByteReader in) {
        // A command of 64 KiB names fewer.
        int count = in.count(1 << 15);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(in.text());
        }
        return texts;
    }

    /**
     * What to append.
     *
     * @param caller whose mail
     * @param folder where
     * @param items at least one
     */
    public record Parameters(AccountRef caller, FolderRef folder, List<Item> items) {
        /** Copies the list and checks its length. */
        public Parameters {
            items = List.copyOf(items);
            if (items.isEmpty() || items.size() > MAX_ITEMS) {
                throw new IllegalArgumentException(items.size() + " messages");
            }
        }

        /**
         * The call.
         *
         * @param bodies the inline bodies one after the other, {@link Data#EMPTY} for none
         */
        public ClassCall call(Data bodies) {
            ByteWriter out = new ByteWriter(512);
            encode(out);
            return new ClassCall(MailClasses.MAILBOX, METHOD, out.toBytes(), bodies);
        }

        void encode(ByteWriter out) {
            int mark = out.begin(VERSION, 1);
            caller.encode(out);
            folder.encode(out);
            out.varint(items.size());
            items.forEach(item -> item.encode(out));
            out.end(mark);
        }

        static Parameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            AccountRef caller = AccountRef.decode(in);
            FolderRef folder = FolderRef.decode(in);
            int count = in.count(MAX_ITEMS);
            List<Item> items = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                items.add(Item.decode(in));
            }
            in.end(struct);
            return new Parameters(caller, folder, items);
        }
    }

    /**
     * What was appended.
     *
     * @param uidValidity of the folder
     * @param firstUid of the messages, whose UIDs follow each other; {@link #UNKNOWN} when an earlier try appended them and
     *     they have been moved since
     * @param modSeq of the folder afterwards
     */
    public record Reply(long uidValidity, long firstUid, long modSeq) {
        /** The {@link #firstUid} that is not known. */
        public static final long UNKNOWN = 0;

        Bytes encode() {
            ByteWriter out = new ByteWriter(32);
            int mark = out.begin(VERSION, 1);
            return out.varint(uidValidity)
                    .varint(firstUid)
                    .varint(modSeq)
                    .end(mark)
                    .toBytes();
        }

        /** Reads the output of a call with status OK. */
        public static Reply decode(Bytes output) {
            ByteReader in = new ByteReader(output);
            ByteReader.Struct struct = in.begin(VERSION);
            Reply reply = new Reply(in.varint(), in.varint(), in.varint());
            in.end(struct);
            return reply;
        }
    }

    static ClassReply evaluate(LocatorView view, Parameters parameters, Data data) {
        return evaluate(view, parameters, data, transaction -> MailStatus.OK);
    }

    /**
     * Appends as part of more.
     *
     * @param before what changes before the messages come in, in the same transaction
     */
    static ClassReply evaluate(
            LocatorView view, Parameters parameters, Data data, Function<MailTransaction, MailStatus> before) {
        long bytes = parameters.items.stream().mapToLong(Item::inlineBytes).sum();
        if (data.length() != bytes) {
            throw new MalformedBytesException(data.length() + " bytes of bodies instead of " + bytes);
        }
        MailTransaction transaction = new MailTransaction(view, parameters.caller);
        MailStatus entered = transaction.enter();
        if (entered != MailStatus.OK) {
            return entered.refuse();
        }
        OpenFolder folder = transaction.folder(parameters.folder);
        if (folder == null) {
            return MailStatus.NO_SUCH_FOLDER.refuse();
        }
        EmailReferences earlier = transaction.references(parameters.items.get(0).email);
        if (earlier != null) {
            // Ids of imported messages may come in other groups; then those that are missing must not be taken for
            // done.
            if (!parameters.items.stream().allMatch(item -> transaction.hasBody(item.email))) {
                return MailStatus.BODY_EXISTS.refuse();
            }
            Place place = earlier.places().get(0);
            long uid = place.folder().equals(folder.number()) ? place.uid() : Reply.UNKNOWN;
            return ClassReply.read(new Reply(folder.uidValidity(), uid, folder.highestModSeq()).encode());
        }
        MailStatus begun = before.apply(transaction);
        MailStatus status = begun == MailStatus.OK ? check(transaction, folder, parameters.items) : begun;
        return status == MailStatus.OK ? append(transaction, folder, parameters, data) : status.refuse();
    }

    private static MailStatus check(MailTransaction transaction, OpenFolder folder, List<Item> items) {
        long sizeBytes = items.stream().mapToLong(item -> item.facts.sizeBytes).sum();
        if (!folder.canAdd(items.size())) {
            return MailStatus.LIMIT;
        }
        if (!transaction.admits(sizeBytes, items.size())) {
            return MailStatus.OVER_QUOTA;
        }
        boolean hasBody = items.stream().anyMatch(item -> transaction.hasBody(item.email));
        return hasBody ? MailStatus.BODY_EXISTS : MailStatus.OK;
    }

    private static ClassReply append(MailTransaction transaction, OpenFolder folder, Parameters parameters, Data data) {
        byte[] bodies = parameters.items.size() == 1 ? null : data.toArray();
        long firstUid = Reply.UNKNOWN;
        int at = 0;
        for (Item item : parameters.items) {
            int end = at + (int) item.inlineBytes();
            Data body = bodies == null ? data : Data.wrap(Arrays.copyOfRange(bodies, at, end));
            at = end;
            Data inline = item.inlineBytes() == 0 ? null : body;
            if (!transaction.writeBody(item.email, item.head, item.metadata, item.content, inline)) {
                return MailStatus.NO_SUCH_INTENT.refuse();
            }
            Facts facts = item.facts;
            MailFlags flags = new MailFlags(facts.systemFlags, folder.bitsOfNew(facts.keywords));
            long uid = transaction.add(
                    folder,
                    new MessageRecord(
                            item.email,
                            facts.internalMillis,
                            parameters.caller.nowMillis(),
                            facts.sizeBytes,
                            flags,
                            folder.modSeq(),
                            facts.thread));
            firstUid = firstUid == Reply.UNKNOWN ? uid : firstUid;
        }
        return transaction.reply(new Reply(folder.uidValidity(), firstUid, folder.highestModSeq()).encode());
    }
}
