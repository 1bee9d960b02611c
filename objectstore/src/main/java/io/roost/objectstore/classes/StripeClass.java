package io.roost.objectstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Mutation;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.Stripe;
import io.roost.objectstore.layout.StripeCalls;
import java.util.List;

/**
 * {@code stripe.*}: one stripe, alone in its locator ({@link Stripe#locatorKey}). The id of a set is never used again and a
 * stripe is created once, so that its bytes never change: any replica may answer {@code read}.
 *
 * <pre>
 * create  exclusively, with its back-reference; NO_SUCH_INTENT when a tombstone forbids it; ALREADY_EXISTS
 * read    bytes of it; NOT_FOUND
 * stat    its back-reference ({@link Stripe#decode}) and length; NOT_FOUND
 * delete  the stripe, if it is there
 * bury    the stripe, if it is there, leaving a tombstone
 * forget  the tombstone, if its time has come
 * </pre>
 */
public final class StripeClass {
    static final String CREATE = StripeCalls.CREATE;
    static final String READ = StripeCalls.READ;
    static final String STAT = "stat";
    static final String DELETE = "delete";
    static final String BURY = "bury";
    static final String FORGET = "forget";

    private StripeClass() {}

    /** The call that writes a stripe. */
    public static ClassCall create(Stripe stripe, Data body) {
        return new ClassCall(S3Classes.STRIPE, CREATE, stripe.encode(), body);
    }

    /** The call that reads the bytes {@code [offset, offset + length)}. */
    public static ClassCall read(long offset, long length) {
        return ClassCall.ofConstant(S3Classes.STRIPE, READ, StripeCalls.read(offset, length));
    }

    /** The call that reads the back-reference and the length. */
    public static ClassCall stat() {
        return ClassCall.of(S3Classes.STRIPE, STAT, Bytes.EMPTY);
    }

    /** The call that deletes a stripe that no write can be under way for. */
    public static ClassCall delete() {
        return ClassCall.of(S3Classes.STRIPE, DELETE, Bytes.EMPTY);
    }

    /** The call that deletes a stripe and forbids to write it until a time, Unix milliseconds. */
    public static ClassCall bury(long expiresMillis) {
        return ClassCall.of(S3Classes.STRIPE, BURY, new Stripe.Tombstone(expiresMillis).encode());
    }

    /** The call that removes a tombstone that expired at or before now, Unix milliseconds. */
    public static ClassCall forget(long nowMillis) {
        return ClassCall.of(
                S3Classes.STRIPE, FORGET, new ByteWriter(16).varint(nowMillis).toBytes());
    }

    /**
     * What {@code stat} answers.
     *
     * @param stripe the back-reference
     * @param lengthBytes of the stripe
     */
    public record StatReply(Stripe stripe, long lengthBytes) {
        /** Reads the output of a call with status OK. */
        public static StatReply decode(Bytes output) {
            ByteReader in = new ByteReader(output);
            long lengthBytes = in.varint();
            return new StatReply(Stripe.decode(in.rest()), lengthBytes);
        }
    }

    static ClassReply create(LocatorView view, Stripe stripe, Data data) {
        if (view.entry(EntryNames.TOMBSTONE) != null) {
            return ClassStatus.NO_SUCH_INTENT.refuse();
        }
        Entry existing = view.entry(EntryNames.STRIPE);
        Bytes reference = stripe.encode();
        if (existing != null) {
            // A set is written by one uploader, so the same reference and length are the same stripe sent again.
            boolean isRetry = existing.attributes().equals(reference) && existing.bodyLength() == data.length();
            return isRetry ? ClassReply.read(Bytes.EMPTY) : ClassStatus.ALREADY_EXISTS.refuse();
        }
        return ClassReply.write(
                Bytes.EMPTY, List.of(new Mutation.Put(EntryNames.STRIPE, reference, Bytes.EMPTY, data)));
    }

    static ClassReply read(LocatorView view, ByteReader in) {
        long offset = in.varint();
        long length = in.varint();
        if (view.entry(EntryNames.STRIPE) == null) {
            return ClassStatus.NOT_FOUND.refuse();
        }
        return ClassReply.read(Bytes.EMPTY, new ClassReply.BodyRange(EntryNames.STRIPE, offset, length));
    }

    static ClassReply stat(LocatorView view) {
        Entry entry = view.entry(EntryNames.STRIPE);
        if (entry == null) {
            return ClassStatus.NOT_FOUND.refuse();
        }
        return ClassReply.read(new ByteWriter(128)
                .varint(entry.bodyLength())
                .raw(entry.attributes())
                .toBytes());
    }

    static ClassReply delete(LocatorView view) {
        return view.entry(EntryNames.STRIPE) == null
                ? ClassReply.read(Bytes.EMPTY)
                : ClassReply.write(Bytes.EMPTY, List.of(new Mutation.Delete(EntryNames.STRIPE)));
    }

    static ClassReply bury(LocatorView view, Stripe.Tombstone tombstone, Data data) {
        return ClassReply.write(
                Bytes.EMPTY,
                List.of(
                        new Mutation.Delete(EntryNames.STRIPE),
                        Mutation.Put.row(EntryNames.TOMBSTONE, tombstone.encode())));
    }

    static ClassReply forget(LocatorView view, ByteReader in) {
        long nowMillis = in.varint();
        Entry entry = view.entry(EntryNames.TOMBSTONE);
        boolean isExpired =
                entry != null && Stripe.Tombstone.decode(entry.attributes()).expiresMillis() <= nowMillis;
        return isExpired
                ? ClassReply.write(Bytes.EMPTY, List.of(new Mutation.Delete(EntryNames.TOMBSTONE)))
                : ClassReply.read(Bytes.EMPTY);
    }
}
