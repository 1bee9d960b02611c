package io.roost.mailstore.store;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.mailstore.classes.FolderRef;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.FolderTree;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.objectstore.layout.ObjectMetadata;
import io.roost.objectstore.layout.ObjectMetadata.Field;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * How a message came in, as the user metadata of its body tell it: never changed, small, and enough to put it into a folder
 * where nothing else is known of it.
 *
 * @param folder path of its first folder, empty when that was not known or is too long
 * @param internalMillis internal date, Unix milliseconds
 * @param sizeBytes of the message, or {@link #UNKNOWN}
 * @param systemFlags bits of {@link MailFlags}
 */
record DeliveredAs(String folder, long internalMillis, long sizeBytes, int systemFlags) {
    /** A size that is not known. */
    static final long UNKNOWN = -1;

    /** Of the encoded path: with all others the metadata stay below 512 bytes. */
    private static final int MAX_FOLDER_CHARACTERS = 256;

    private static final String FOLDER = "folder";
    private static final String DATE = "internal-date";
    private static final String SIZE = "size";
    private static final String FLAGS = "flags";

    /** The path of a folder, if it is known without asking. */
    static String folder(FolderRef folder) {
        if (folder instanceof FolderRef.ByPath byPath) {
            return FolderTree.normalized(byPath.path());
        }
        return folder.equals(FolderRef.of(FolderNumber.INBOX)) ? FolderTree.INBOX : "";
    }

    /** The metadata. */
    List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        fields.add(new Field(DATE, Long.toString(internalMillis)));
        fields.add(new Field(SIZE, Long.toString(sizeBytes)));
        fields.add(new Field(FLAGS, Integer.toString(systemFlags)));
        // Metadata are header fields for clients of S3, and these are ASCII.
        String encoded = URLEncoder.encode(folder, StandardCharsets.UTF_8);
        if (!encoded.isEmpty() && encoded.length() <= MAX_FOLDER_CHARACTERS) {
            fields.add(new Field(FOLDER, encoded));
        }
        return fields;
    }

    /** Reads what {@link #fields} gives, in encoded {@link ObjectMetadata}; what is missing or damaged is as nothing. */
    static DeliveredAs of(Bytes encoded) {
        try {
            return of(ObjectMetadata.decode(encoded));
        } catch (MalformedBytesException | IllegalArgumentException damaged) {
            return new DeliveredAs("", 0, UNKNOWN, 0);
        }
    }

    private static DeliveredAs of(ObjectMetadata metadata) {
        String folder = "";
        try {
            folder = URLDecoder.decode(text(metadata, FOLDER), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException damaged) {
            // Left empty: the message goes to INBOX.
        }
        return new DeliveredAs(
                FolderTree.isValidPath(folder) ? folder : "",
                Math.max(0, number(metadata, DATE)),
                number(metadata, SIZE),
                (int) Math.max(0, number(metadata, FLAGS)) & MailFlags.ALL_SYSTEM);
    }

    private static String text(ObjectMetadata metadata, String name) {
        for (Field field : metadata.userMetadata()) {
            if (field.name().equals(name)) {
                return field.value();
            }
        }
        return "";
    }

    private static long number(ObjectMetadata metadata, String name) {
        try {
            return Long.parseLong(text(metadata, name));
        } catch (NumberFormatException missing) {
            return UNKNOWN;
        }
    }
}
