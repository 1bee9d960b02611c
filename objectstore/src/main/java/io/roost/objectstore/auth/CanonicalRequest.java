package io.roost.objectstore.auth;

import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The canonical request of signature version 4 as S3 defines it ("Create a canonical request", AWS S3 API reference):
 * method, path, query, signed header fields, their names and the payload's hash, each on a line. The path is decoded and
 * encoded once and never normalised: {@code //} and {@code ..} are parts of keys.
 */
final class CanonicalRequest {
    private static final String CONTENT_SHA256 = "x-amz-content-sha256";

    private CanonicalRequest() {}

    /**
     * Reads a {@code SignedHeaders} list.
     *
     * @return the names in lower case, sorted; null when the list is empty, has an empty name or one name twice
     */
    static List<String> signedHeaders(String list) {
        List<String> names = new ArrayList<>();
        int begin = 0;
        while (begin <= list.length()) {
            int end = list.indexOf(';', begin);
            if (end < 0) {
                end = list.length();
            }
            if (end == begin) {
                return null;
            }
            names.add(list.substring(begin, end).toLowerCase(Locale.ROOT));
            begin = end + 1;
        }
        names.sort(Comparator.naturalOrder());
        for (int i = 1; i < names.size(); i++) {
            if (names.get(i).equals(names.get(i - 1))) {
                return null;
            }
        }
        return List.copyOf(names);
    }

    /**
     * Refuses a request with header fields that change what it does but are not signed: {@code host} and all of
     * {@code x-amz-*} but the payload's hash, which the canonical request holds in its own line.
     */
    static void requireSigned(RequestHeaders headers, List<String> signedHeaders) {
        StringBuilder unsigned = null;
        if (Collections.binarySearch(signedHeaders, "host") < 0) {
            unsigned = new StringBuilder("host");
        }
        for (int i = 0; i < headers.count(); i++) {
            String name = headers.name(i);
            if (name.startsWith("x-amz-")
                    && !name.equals(CONTENT_SHA256)
                    && Collections.binarySearch(signedHeaders, name) < 0) {
                unsigned = unsigned == null ? new StringBuilder() : unsigned.append(", ");
                unsigned.append(name);
            }
        }
        if (unsigned != null) {
            throw new S3Exception(
                    S3Error.ACCESS_DENIED,
                    "There were headers present in the request which were not signed",
                    new S3Exception.Detail("HeadersNotSigned", unsigned.toString()));
        }
    }

    /**
     * Writes the canonical request.
     *
     * @param signedHeaders sorted names
     * @param payloadHash the last line: what {@code x-amz-content-sha256} says, or {@code UNSIGNED-PAYLOAD}
     */
    static CanonicalText of(RawRequest request, QueryString query, List<String> signedHeaders, String payloadHash) {
        CanonicalText text = new CanonicalText(1024);
        text.put(request.method()).put('\n');
        String path = request.path();
        text.putRecoded(path, 0, path.length(), CanonicalText.Part.PATH).put('\n');
        query.putCanonical(text, PresignedUrl.SIGNATURE);
        text.put('\n');
        for (String name : signedHeaders) {
            putHeader(text, request.headers(), name);
        }
        text.put('\n');
        for (int i = 0; i < signedHeaders.size(); i++) {
            if (i > 0) {
                text.put(';');
            }
            text.put(signedHeaders.get(i));
        }
        return text.put('\n').put(payloadHash);
    }

    /** A line with all values of a name, joined by commas. A signed name that the request lacks has an empty value. */
    private static void putHeader(CanonicalText text, RequestHeaders headers, String name) {
        text.put(name).put(':');
        boolean first = true;
        for (int i = 0; i < headers.count(); i++) {
            if (headers.name(i).equals(name)) {
                if (!first) {
                    text.put(',');
                }
                text.putTrimmed(headers.value(i));
                first = false;
            }
        }
        text.put('\n');
    }
}
