package io.roost.mailstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.objectstore.layout.ShardTransaction;

/** How the methods of these classes end. All but OK change nothing. */
public enum MailStatus {
    /** Done. */
    OK(ClassReply.OK),
    /** The locator is of no bucket, or of one that is being deleted. */
    NO_SUCH_BUCKET(1),
    /** The caller's record of the bucket is older than what the locator knows. */
    STALE_BUCKET(2),
    /** There is no such account. */
    NO_SUCH_ACCOUNT(3),
    /** There is no such folder, or it is a name only. */
    NO_SUCH_FOLDER(4),
    /** More than the account's quota. */
    OVER_QUOTA(5),
    /** The intent to write a body's stripes is gone: they must be written anew. */
    NO_SUCH_INTENT(6),
    /** A bound of the model is reached. */
    LIMIT(7),
    /** The name, or the account, exists. */
    ALREADY_EXISTS(8),
    /** Not with this folder: INBOX is not deleted, nothing is renamed into itself. */
    NOT_POSSIBLE(9),
    /** Not a name that a folder can have. */
    INVALID_NAME(10),
    /** The changes asked for are no longer in the log. */
    BELOW_FLOOR(11),
    /** A body of this name is there already and is no message of this account. */
    BODY_EXISTS(12),
    /** There is no body of this content. */
    NO_SUCH_BODY(13),
    /** The copy has been undone, because it did not go on in time. */
    UNDONE(14),
    /** There is no message of this UID. */
    NO_SUCH_MESSAGE(15),
    /** There is no such key. */
    NO_SUCH_KEY(16);

    private static final MailStatus[] VALUES = values();

    private final int code;

    MailStatus(int code) {
        this.code = code;
    }

    /** The number in a {@link ClassReply}. */
    public int code() {
        return code;
    }

    /** The status of a number. */
    public static MailStatus ofCode(int code) {
        if (code < 0 || code >= VALUES.length) {
            throw new MalformedBytesException("mail status " + code);
        }
        return VALUES[code];
    }

    static MailStatus of(ShardTransaction.Fence fence) {
        return switch (fence) {
            case OPEN -> OK;
            case NO_SUCH_BUCKET -> NO_SUCH_BUCKET;
            case STALE_BUCKET -> STALE_BUCKET;
        };
    }

    /** The reply of this status, with nothing to say. */
    ClassReply refuse() {
        return ClassReply.refuse(code, Bytes.EMPTY);
    }
}
