package io.roost.objectstore.classes;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.objectstore.layout.ETag;
import io.roost.objectstore.layout.Head;
import java.util.ArrayList;
import java.util.List;

/**
 * The conditions of a request (RFC 9110 section 13, and the S3 API's use of them), evaluated at the primary so that they
 * hold at the moment of the change.
 *
 * @param ifMatch ETags without quotes, or {@code *}; empty for no condition
 * @param ifNoneMatch likewise
 * @param ifModifiedSinceSeconds Unix seconds, {@link #NO_TIME} for no condition
 * @param ifUnmodifiedSinceSeconds likewise
 */
public record Conditions(
        List<String> ifMatch, List<String> ifNoneMatch, long ifModifiedSinceSeconds, long ifUnmodifiedSinceSeconds) {
    /** No condition on a time. */
    public static final long NO_TIME = Long.MIN_VALUE;

    /** No condition at all. */
    public static final Conditions NONE = new Conditions(List.of(), List.of(), NO_TIME, NO_TIME);

    /** Most ETags of one condition; a header of the usual limit holds fewer. */
    private static final int MAX_ETAGS = 1000;

    private static final int VERSION = 1;

    /** Copies the lists. */
    public Conditions {
        ifMatch = List.copyOf(ifMatch);
        ifNoneMatch = List.copyOf(ifNoneMatch);
    }

    /** True when there is nothing to check. */
    public boolean isNone() {
        return ifMatch.isEmpty()
                && ifNoneMatch.isEmpty()
                && ifModifiedSinceSeconds == NO_TIME
                && ifUnmodifiedSinceSeconds == NO_TIME;
    }

    /** The outcome for a write, given the object that is there, null for none (a delete marker is none). */
    ClassStatus forWrite(Head current) {
        if (!ifMatch.isEmpty()) {
            if (current == null) {
                return ClassStatus.NO_SUCH_KEY;
            }
            if (!matches(ifMatch, current.eTag())) {
                return ClassStatus.PRECONDITION_FAILED;
            }
        }
        if (!ifNoneMatch.isEmpty() && current != null && matches(ifNoneMatch, current.eTag())) {
            return ClassStatus.PRECONDITION_FAILED;
        }
        if (ifUnmodifiedSinceSeconds != NO_TIME && current != null && seconds(current) > ifUnmodifiedSinceSeconds) {
            return ClassStatus.PRECONDITION_FAILED;
        }
        return ClassStatus.OK;
    }

    /** The outcome for a read, in the order of RFC 9110 section 13.2.2. */
    ClassStatus forRead(Head head) {
        if (!ifMatch.isEmpty()) {
            if (!matches(ifMatch, head.eTag())) {
                return ClassStatus.PRECONDITION_FAILED;
            }
        } else if (ifUnmodifiedSinceSeconds != NO_TIME && seconds(head) > ifUnmodifiedSinceSeconds) {
            return ClassStatus.PRECONDITION_FAILED;
        }
        if (!ifNoneMatch.isEmpty()) {
            if (matches(ifNoneMatch, head.eTag())) {
                return ClassStatus.NOT_MODIFIED;
            }
        } else if (ifModifiedSinceSeconds != NO_TIME && seconds(head) <= ifModifiedSinceSeconds) {
            return ClassStatus.NOT_MODIFIED;
        }
        return ClassStatus.OK;
    }

    /** HTTP dates have no fractions. */
    private static long seconds(Head head) {
        return head.lastModifiedMillis() / 1000;
    }

    private static boolean matches(List<String> texts, ETag eTag) {
        for (String text : texts) {
            if (text.equals("*") || eTag.matches(text)) {
                return true;
            }
        }
        return false;
    }

    /** Writes 0 for none, else 1 and a struct: both lists (count varint, texts) and both times (u64). */
    void encode(ByteWriter out) {
        if (isNone()) {
            out.u8(0);
            return;
        }
        int mark = out.u8(1).begin(VERSION, 1);
        encode(out, ifMatch);
        encode(out, ifNoneMatch);
        out.u64(ifModifiedSinceSeconds).u64(ifUnmodifiedSinceSeconds).end(mark);
    }

    private static void encode(ByteWriter out, List<String> texts) {
        out.varint(texts.size());
        for (String text : texts) {
            out.text(text);
        }
    }

    /** Reads what {@link #encode} writes. */
    static Conditions decode(ByteReader in) {
        if (!in.flag()) {
            return NONE;
        }
        ByteReader.Struct struct = in.begin(VERSION);
        Conditions conditions = new Conditions(decodeTexts(in), decodeTexts(in), in.u64(), in.u64());
        in.end(struct);
        return conditions;
    }

    private static List<String> decodeTexts(ByteReader in) {
        int count = in.count(MAX_ETAGS);
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(in.text());
        }
        return texts;
    }
}
