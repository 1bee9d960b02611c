package io.roost.objectstore.multipart;

import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.objectstore.RandomIds;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Request;
import java.util.HexFormat;

/**
 * Ids of uploads: the time in milliseconds (6 bytes), so that a key's uploads are listed in the order they were begun, and
 * 10 random bytes. Clients see 32 hex digits.
 */
final class UploadId {
    private static final int DIGITS = 32;
    private static final int RANDOM_BYTES = 10;

    private UploadId() {}

    /** A new id. */
    static Bytes create(long nowMillis, RandomIds ids) {
        return new ByteWriter(16)
                .u16((int) (nowMillis >>> 32))
                .u32((int) nowMillis)
                .raw(ids.id().slice(0, RANDOM_BYTES))
                .toBytes();
    }

    /** The id that a request names; NoSuchUpload when it is none that Roost gives. */
    static Bytes of(S3Request request) {
        Bytes id = parse(request.query().text("uploadId"));
        if (id.isEmpty()) {
            throw new S3Exception(S3Error.NO_SUCH_UPLOAD);
        }
        return id;
    }

    /** The id of a text, empty when it is none. */
    static Bytes parse(String text) {
        if (text == null || text.length() != DIGITS) {
            return Bytes.EMPTY;
        }
        for (int i = 0; i < DIGITS; i++) {
            if (!HexFormat.isHexDigit(text.charAt(i))) {
                return Bytes.EMPTY;
            }
        }
        return Bytes.hex(text);
    }
}
