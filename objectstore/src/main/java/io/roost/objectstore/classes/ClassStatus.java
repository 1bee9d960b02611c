package io.roost.objectstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;

/** How the methods of these classes end. All but OK change nothing. */
public enum ClassStatus {
    /** Done. */
    OK(ClassReply.OK),
    /** The shard has no header or a fenced one, or there is no such bucket record. */
    NO_SUCH_BUCKET(1),
    /** The caller's bucket record is older than the shard's header; read it again. */
    STALE_BUCKET(2),
    /** No such key, or its latest version is a delete marker. */
    NO_SUCH_KEY(3),
    /** No version of that id. */
    NO_SUCH_VERSION(4),
    /** The version asked for is a delete marker. */
    IS_DELETE_MARKER(5),
    /** A condition of the request does not hold. */
    PRECONDITION_FAILED(6),
    /** A condition of a read says that the client has it already. */
    NOT_MODIFIED(7),
    /** The range lies beyond the object. */
    INVALID_RANGE(8),
    /** The intent is gone or being reaped: the stripes must be written anew under another id. */
    NO_SUCH_INTENT(9),
    /** The upload is not open. */
    NO_SUCH_UPLOAD(10),
    /** A part of the list is not there or has another ETag or checksum. */
    INVALID_PART(11),
    /** The list of parts is not in ascending order. */
    INVALID_PART_ORDER(12),
    /** A part other than the last is too small. */
    ENTITY_TOO_SMALL(13),
    /** The bytes cannot be shared; the caller copies them. */
    COPY_BYTES(14),
    /** The source of a copy is no longer what the caller saw. */
    SOURCE_CHANGED(15),
    /** The shard has keys, versions or uploads. */
    NOT_EMPTY(16),
    /** A record of that name exists and belongs to another. */
    ALREADY_EXISTS(17),
    /** A record of that name exists and belongs to the caller. */
    ALREADY_OWNED(18),
    /** No such record, row or stripe. */
    NOT_FOUND(19),
    /** The record has changed since the caller read it. */
    CONFLICT(20),
    /** A limit of the record is reached. */
    TOO_MANY(21),
    /** The intent is still being renewed. */
    STILL_LIVE(22),
    /** The object has no part of that number. */
    NO_SUCH_PART(23);

    private static final ClassStatus[] VALUES = values();

    private final int code;

    ClassStatus(int code) {
        this.code = code;
    }

    /** The number in a {@link ClassReply}. */
    public int code() {
        return code;
    }

    /** The status of a number. */
    public static ClassStatus ofCode(int code) {
        if (code < 0 || code >= VALUES.length) {
            throw new MalformedBytesException("class status " + code);
        }
        return VALUES[code];
    }

    /** The reply of this status, with nothing to say. */
    ClassReply refuse() {
        return ClassReply.refuse(code, Bytes.EMPTY);
    }
}
