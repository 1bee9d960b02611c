package io.roost.objectstore.http;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.PercentCoding;
import io.roost.objectstore.QueryParameters;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.S3Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * From the request line and the host to target and operation. Pure and immutable; the raw path is cut, never normalised,
 * because {@code //} and {@code ..} are parts of keys.
 */
public final class S3Router {
    /** The most bytes that a key may have. */
    public static final int MAX_KEY_BYTES = 1024;

    private final List<String> domainSuffixes = new ArrayList<>();
    private final Map<String, List<S3Operation>> candidates = new HashMap<>();

    /**
     * A router for virtual hosts of some domains.
     *
     * @param domains {@code s3.example.org} makes {@code b.s3.example.org} the bucket {@code b}
     */
    public S3Router(List<String> domains) {
        for (String domain : domains) {
            domainSuffixes.add("." + domain.toLowerCase(Locale.ROOT));
        }
        for (S3Operation operation : S3Operation.values()) {
            candidates
                    .computeIfAbsent(operation.method() + operation.scope(), table -> new ArrayList<>())
                    .add(operation);
        }
    }

    /**
     * What a request names.
     *
     * @param host the Host header, with or without a port; null when there is none
     * @param rawPath the path of the request line, still encoded
     * @throws S3Exception InvalidURI for a path that cannot be decoded, KeyTooLongError
     */
    public S3Target target(String host, String rawPath) {
        if (rawPath.isEmpty() || rawPath.charAt(0) != '/') {
            throw new S3Exception(S3Error.INVALID_URI);
        }
        String virtualBucket = host == null ? "" : virtualBucket(host);
        if (!virtualBucket.isEmpty()) {
            return new S3Target(virtualBucket, key(rawPath, 1));
        }
        int slash = rawPath.indexOf('/', 1);
        int bucketEnd = slash < 0 ? rawPath.length() : slash;
        if (bucketEnd == 1) {
            if (rawPath.length() > 1) {
                throw new S3Exception(S3Error.INVALID_URI);
            }
            return S3Target.SERVICE;
        }
        String bucket = PercentCoding.decode(rawPath, 1, bucketEnd, PercentCoding.Plus.LITERAL)
                .utf8();
        return new S3Target(bucket, slash < 0 ? Bytes.EMPTY : key(rawPath, slash + 1));
    }

    private static Bytes key(String rawPath, int begin) {
        Bytes key = PercentCoding.decode(rawPath, begin, rawPath.length(), PercentCoding.Plus.LITERAL);
        if (key.length() > MAX_KEY_BYTES) {
            throw new S3Exception(S3Error.KEY_TOO_LONG);
        }
        return key;
    }

    private String virtualBucket(String host) {
        int colon = host.lastIndexOf(':');
        String name = (colon < 0 ? host : host.substring(0, colon)).toLowerCase(Locale.ROOT);
        for (String suffix : domainSuffixes) {
            if (name.endsWith(suffix) && name.length() > suffix.length()) {
                return name.substring(0, name.length() - suffix.length());
            }
        }
        return "";
    }

    /**
     * The operation that a request asks for.
     *
     * @param method the HTTP method, in capitals
     * @param hasCopySource whether there is a header {@code x-amz-copy-source}
     * @throws S3Exception MethodNotAllowed when nothing fits
     */
    public S3Operation operation(String method, S3Operation.Scope scope, QueryParameters query, boolean hasCopySource) {
        for (S3Operation operation : candidates.getOrDefault(method + scope, List.of())) {
            if (fits(operation, query, hasCopySource)) {
                return operation;
            }
        }
        throw new S3Exception(S3Error.METHOD_NOT_ALLOWED);
    }

    private static boolean fits(S3Operation operation, QueryParameters query, boolean hasCopySource) {
        String subResource = operation.subResource();
        if (!subResource.isEmpty() && !query.has(subResource)) {
            return false;
        }
        if (operation == S3Operation.LIST_OBJECTS_V2 && !"2".equals(query.text(subResource))) {
            return false;
        }
        return switch (operation.when()) {
            case ALWAYS -> true;
            case WITH_ID -> query.has("id");
            case WITH_COPY_SOURCE -> hasCopySource;
        };
    }
}
