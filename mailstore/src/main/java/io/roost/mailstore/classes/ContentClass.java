package io.roost.mailstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.ContentRow;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.mailstore.mailbox.MailRows;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.Head;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code mailbox.contents} and {@code mailbox.body}: what is known of contents, and bytes of a body.
 *
 * <pre>
 * contents  as many rows as a reply holds, in the order asked for; an empty row for one that is gone
 * body      a range of a stored body; NO_SUCH_BODY when there is none, so that one missing body is one message's matter
 * </pre>
 */
public final class ContentClass {
    static final String CONTENTS = "contents";
    static final String BODY = "body";

    private static final int VERSION = 1;
    private static final int ID_BYTES = 16;

    /** Contents of one call. */
    public static final int MAX_CONTENTS = 250;

    /** Bytes after which a reply ends: one structure may have 256 KiB more. */
    private static final int MAX_REPLY_BYTES = 256 * 1024;

    private ContentClass() {}

    /**
     * Which contents.
     *
     * @param account whose
     * @param emails at most {@link #MAX_CONTENTS}
     */
    public record ContentsParameters(AccountId account, List<EmailId> emails) {
        /** Copies the list. */
        public ContentsParameters {
            emails = List.copyOf(emails);
            if (emails.size() > MAX_CONTENTS) {
                throw new IllegalArgumentException(emails.size() + " contents");
            }
        }

        /** The call. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(64 + ID_BYTES * emails.size());
            int mark = out.begin(VERSION, 1);
            out.raw(account.bytes()).varint(emails.size());
            emails.forEach(email -> out.raw(email.bytes()));
            return new ClassCall(MailClasses.MAILBOX, CONTENTS, out.end(mark).toBytes(), Data.EMPTY);
        }

        static ContentsParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            AccountId account = AccountRef.account(in);
            int count = in.count(MAX_CONTENTS);
            List<EmailId> emails = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                emails.add(new EmailId(in.raw(ID_BYTES)));
            }
            in.end(struct);
            return new ContentsParameters(account, emails);
        }
    }

    /** What a content that is gone has. */
    public static final ContentRow GONE = new ContentRow(Bytes.EMPTY, "");

    /** Reads the output of a call of {@code contents}: the first of those asked for, at least one. */
    public static List<ContentRow> decodeContents(Bytes output) {
        ByteReader in = new ByteReader(output);
        ByteReader.Struct struct = in.begin(VERSION);
        int count = in.count(MAX_CONTENTS);
        List<ContentRow> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Bytes row = in.bytes();
            rows.add(row.isEmpty() ? GONE : ContentRow.decode(row));
        }
        in.end(struct);
        return rows;
    }

    static ClassReply contents(LocatorView view, ContentsParameters parameters) {
        List<Bytes> rows = new ArrayList<>();
        int bytes = 0;
        for (EmailId email : parameters.emails) {
            if (bytes > MAX_REPLY_BYTES) {
                break;
            }
            Bytes row = view.value(MailRows.content(parameters.account, email));
            rows.add(row);
            bytes += row.length();
        }
        ByteWriter out = new ByteWriter(bytes + 64);
        int mark = out.begin(VERSION, 1);
        out.varint(rows.size());
        rows.forEach(out::bytes);
        return ClassReply.read(out.end(mark).toBytes());
    }

    /**
     * Which bytes.
     *
     * @param account whose
     * @param email which content
     * @param offset in the stored body
     * @param length at least 0; what lies beyond the end is left out
     */
    public record BodyParameters(AccountId account, EmailId email, long offset, long length) {
        /** Checks the range. */
        public BodyParameters {
            if (offset < 0 || length < 0) {
                throw new IllegalArgumentException("bytes from " + offset + ", " + length);
            }
        }

        /** The call; the reply's output is the encoded {@link Head}, its data the bytes of an inline body. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(64);
            int mark = out.begin(VERSION, 1);
            out.raw(account.bytes()).raw(email.bytes()).varint(offset).varint(length);
            return new ClassCall(MailClasses.MAILBOX, BODY, out.end(mark).toBytes(), Data.EMPTY);
        }

        static BodyParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            BodyParameters parameters =
                    new BodyParameters(AccountRef.account(in), new EmailId(in.raw(ID_BYTES)), in.varint(), in.varint());
            in.end(struct);
            return parameters;
        }
    }

    static ClassReply body(LocatorView view, BodyParameters parameters) {
        Bytes name = EntryNames.version(parameters.email.bodyKey(parameters.account), 0);
        Entry entry = view.entry(name);
        if (entry == null) {
            return MailStatus.NO_SUCH_BODY.refuse();
        }
        return entry.hasBody()
                ? ClassReply.read(
                        entry.attributes(), new ClassReply.BodyRange(name, parameters.offset, parameters.length))
                : ClassReply.read(entry.attributes());
    }
}
