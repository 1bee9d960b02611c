package io.roost.mailstore.store;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.classes.AppendClass;
import io.roost.mailstore.mailbox.ContentRow;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.mailstore.mime.MimeCodec;
import io.roost.mailstore.mime.MimePart;
import io.roost.mailstore.mime.MimeScanner;
import io.roost.mailstore.mime.PreviewText;
import io.roost.objectstore.layout.ChecksumMark;
import io.roost.objectstore.layout.ETag;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.ObjectMetadata;
import io.roost.objectstore.layout.StorageClass;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;

/** What is stored of a message beside its bytes. */
final class MessageFacts {
    private static final int RANDOM_BYTES = 10;

    private MessageFacts() {}

    /** A UUID of version 7 (RFC 9562 5.7): milliseconds, then random bits. */
    static EmailId newId(long nowMillis, Randomness random) {
        byte[] id = new byte[16];
        for (int i = 0; i < 6; i++) {
            id[i] = (byte) (nowMillis >>> (40 - 8 * i));
        }
        System.arraycopy(random.bytes(RANDOM_BYTES).array(), 0, id, 6, RANDOM_BYTES);
        id[6] = (byte) ((id[6] & 0x0f) | 0x70);
        id[8] = (byte) ((id[8] & 0x3f) | 0x80);
        return new EmailId(Bytes.wrap(id));
    }

    static AppendClass.Item item(
            NewMessage message, byte[] stored, Manifest manifest, EmailId email, String folder, long nowMillis) {
        AppendClass.Facts facts = new AppendClass.Facts(
                message.internalMillis(), message.bytes().length(), message.systemFlags(), message.keywords(), email);
        Head head = head(stored, email.bytes(), manifest, nowMillis);
        return new AppendClass.Item(
                email,
                facts,
                head,
                metadata(message, folder).encode(),
                content(message.bytes()).encode());
    }

    /** The head of an object with these bytes. */
    static Head head(byte[] stored, Bytes writeTag, Manifest manifest, long nowMillis) {
        return new Head(
                Head.State.UNVERSIONED,
                stored.length,
                nowMillis,
                ETag.ofMd5(md5(stored)),
                StorageClass.STANDARD,
                ChecksumMark.NONE,
                writeTag,
                manifest);
    }

    private static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static ObjectMetadata metadata(NewMessage message, String folder) {
        return new ObjectMetadata(
                List.of(new ObjectMetadata.Field("content-type", "application/x-roost-mail")),
                new DeliveredAs(
                                folder,
                                message.internalMillis(),
                                message.bytes().length(),
                                message.systemFlags())
                        .fields(),
                List.of(),
                Bytes.EMPTY,
                ObjectMetadata.EMPTY.parts());
    }

    /** Structure and preview of a message. */
    static ContentRow content(Bytes message) {
        MimePart root = MimeScanner.scan(message.array());
        Bytes structure = MimeCodec.encode(root);
        MimePart source = PreviewText.source(root);
        String preview = "";
        if (source != null) {
            int begin = (int) source.body().begin();
            int end = (int) Math.min(source.body().end(), begin + (long) PreviewText.MAX_SOURCE_BYTES);
            preview = PreviewText.of(source, Arrays.copyOfRange(message.array(), begin, end));
        }
        return new ContentRow(structure.length() > ContentRow.MAX_STRUCTURE_BYTES ? Bytes.EMPTY : structure, preview);
    }
}
