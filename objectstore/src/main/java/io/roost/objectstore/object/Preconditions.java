package io.roost.objectstore.object;

import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Dates;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.classes.Conditions;
import java.util.ArrayList;
import java.util.List;

/** Reads the conditional headers of RFC 9110 section 13; what they mean is decided where the object is. */
public final class Preconditions {
    private Preconditions() {}

    /** Conditions of GET and HEAD. */
    public static Conditions forRead(RequestHeaders headers) {
        return of(headers, "if-");
    }

    /** Conditions on the source of a copy: x-amz-copy-source-if-*. */
    public static Conditions forCopySource(RequestHeaders headers) {
        return of(headers, "x-amz-copy-source-if-");
    }

    /**
     * Conditions of PUT, copy, CompleteMultipartUpload and DELETE.
     *
     * @throws S3Exception NotImplemented for If-None-Match with an ETag, as AWS has it
     */
    public static Conditions forWrite(RequestHeaders headers) {
        List<String> ifMatch = eTags(headers.first("if-match"));
        List<String> ifNoneMatch = eTags(headers.first("if-none-match"));
        if (ifMatch.isEmpty() && ifNoneMatch.isEmpty()) {
            return Conditions.NONE;
        }
        if (!ifNoneMatch.isEmpty() && !ifNoneMatch.equals(List.of("*"))) {
            throw new S3Exception(S3Error.NOT_IMPLEMENTED);
        }
        return new Conditions(ifMatch, ifNoneMatch, Conditions.NO_TIME, Conditions.NO_TIME);
    }

    private static Conditions of(RequestHeaders headers, String prefix) {
        List<String> ifMatch = eTags(headers.first(prefix + "match"));
        List<String> ifNoneMatch = eTags(headers.first(prefix + "none-match"));
        long modifiedSince = seconds(headers.first(prefix + "modified-since"));
        long unmodifiedSince = seconds(headers.first(prefix + "unmodified-since"));
        boolean none = ifMatch.isEmpty()
                && ifNoneMatch.isEmpty()
                && modifiedSince == Conditions.NO_TIME
                && unmodifiedSince == Conditions.NO_TIME;
        return none ? Conditions.NONE : new Conditions(ifMatch, ifNoneMatch, modifiedSince, unmodifiedSince);
    }

    private static long seconds(String date) {
        Long millis = date == null ? null : S3Dates.parse(date.strip());
        return millis == null ? Conditions.NO_TIME : Math.floorDiv(millis, 1000L);
    }

    /** The ETags of a list, without quotes and weakness; some clients leave the quotes out. */
    static List<String> eTags(String header) {
        if (header == null) {
            return List.of();
        }
        List<String> eTags = new ArrayList<>(1);
        for (int begin = 0; begin <= header.length(); ) {
            int comma = header.indexOf(',', begin);
            int end = comma < 0 ? header.length() : comma;
            String eTag = unquoted(header.substring(begin, end).strip());
            if (!eTag.isEmpty()) {
                eTags.add(eTag);
            }
            begin = end + 1;
        }
        return eTags;
    }

    /** An ETag without its quotes. */
    public static String unquoted(String eTag) {
        String strong = eTag.startsWith("W/") ? eTag.substring(2) : eTag;
        boolean quoted = strong.length() >= 2 && strong.startsWith("\"") && strong.endsWith("\"");
        return quoted ? strong.substring(1, strong.length() - 1) : strong;
    }
}
