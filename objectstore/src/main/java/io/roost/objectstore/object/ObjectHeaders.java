package io.roost.objectstore.object;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.QueryParameters;
import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Dates;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.bucket.BucketAcl;
import io.roost.objectstore.layout.ChecksumMark;
import io.roost.objectstore.layout.ChecksumType;
import io.roost.objectstore.layout.ETag;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.ObjectMetadata;
import io.roost.objectstore.layout.ObjectMetadata.Field;
import io.roost.objectstore.layout.PartList;
import io.roost.objectstore.layout.PartPage;
import io.roost.objectstore.layout.StorageClass;
import io.roost.objectstore.layout.VersionId;
import io.roost.objectstore.xml.UploadDocuments;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Between headers and what is stored with an object: standard headers, user metadata, storage class, checksums. */
public final class ObjectHeaders {
    private static final String META_PREFIX = "x-amz-meta-";

    /** The limit of the S3 API for names and values of user metadata together. */
    private static final int MAX_USER_METADATA_BYTES = 2048;

    private static final List<String> STORED = List.of(
            "content-type", "cache-control", "content-disposition", "content-encoding", "content-language", "expires");

    private static final List<String> NOT_IMPLEMENTED = List.of(
            "x-amz-tagging",
            "x-amz-website-redirect-location",
            "x-amz-server-side-encryption",
            "x-amz-server-side-encryption-customer-algorithm",
            "x-amz-server-side-encryption-aws-kms-key-id",
            "x-amz-server-side-encryption-context",
            "x-amz-object-lock-mode",
            "x-amz-object-lock-retain-until-date",
            "x-amz-object-lock-legal-hold",
            "x-amz-write-offset-bytes");

    private static final CharSequence ETAG = HttpHeaders.createOptimized("etag");
    private static final CharSequence LAST_MODIFIED = HttpHeaders.createOptimized("last-modified");
    private static final CharSequence ACCEPT_RANGES = HttpHeaders.createOptimized("accept-ranges");
    private static final CharSequence BYTES = HttpHeaders.createOptimized("bytes");
    private static final CharSequence CONTENT_TYPE = HttpHeaders.createOptimized("content-type");
    private static final CharSequence DEFAULT_TYPE = HttpHeaders.createOptimized("binary/octet-stream");

    private ObjectHeaders() {}

    /**
     * Refuses what is not carried out rather than ignoring it: a client that asks for encryption or a public object must
     * not believe that it has it.
     *
     * @throws S3Exception NotImplemented, InvalidArgument
     */
    public static void check(RequestHeaders headers) {
        for (int i = 0; i < headers.count(); i++) {
            String name = headers.name(i);
            if (name.startsWith("x-amz-") && NOT_IMPLEMENTED.contains(name)) {
                throw BucketAcl.notImplemented(name);
            }
        }
        BucketAcl.check(headers);
    }

    /** The storage class asked for. */
    public static StorageClass storageClass(RequestHeaders headers) {
        String name = headers.first("x-amz-storage-class");
        if (name == null) {
            return StorageClass.STANDARD;
        }
        StorageClass storageClass = StorageClass.ofName(name);
        if (storageClass == null) {
            throw new S3Exception(S3Error.INVALID_STORAGE_CLASS);
        }
        return storageClass;
    }

    /**
     * What a request wants stored beside the bytes.
     *
     * @param checksum value of the additional checksum, empty for none
     * @throws S3Exception MetadataTooLarge
     */
    public static ObjectMetadata metadata(RequestHeaders headers, Bytes checksum) {
        List<Field> standard = new ArrayList<>(4);
        List<Field> user = new ArrayList<>(4);
        int userBytes = 0;
        for (int i = 0; i < headers.count(); i++) {
            String name = headers.name(i);
            if (name.startsWith(META_PREFIX)) {
                String rest = name.substring(META_PREFIX.length());
                userBytes += rest.length() + headers.value(i).length();
                if (!rest.isEmpty()) {
                    add(user, rest, headers.value(i));
                }
            } else if (STORED.contains(name)) {
                standard.add(new Field(name, stored(name, headers.value(i))));
            }
        }
        if (userBytes > MAX_USER_METADATA_BYTES) {
            throw new S3Exception(S3Error.METADATA_TOO_LARGE);
        }
        standard.removeIf(field -> field.value().isEmpty());
        return new ObjectMetadata(standard, user, List.of(), checksum, PartList.EMPTY);
    }

    /** A name that comes again is one list, as RFC 9110 section 5.3 has it. */
    private static void add(List<Field> user, String name, String value) {
        for (int i = 0; i < user.size(); i++) {
            if (user.get(i).name().equals(name)) {
                user.set(i, new Field(name, user.get(i).value() + "," + value));
                return;
            }
        }
        user.add(new Field(name, value));
    }

    /** aws-chunked is how the body travelled, not what it is. */
    private static String stored(String name, String value) {
        if (!name.equals("content-encoding") || !value.toLowerCase(Locale.ROOT).contains("aws-chunked")) {
            return value;
        }
        StringBuilder rest = new StringBuilder();
        for (int begin = 0; begin <= value.length(); ) {
            int comma = value.indexOf(',', begin);
            int end = comma < 0 ? value.length() : comma;
            String coding = value.substring(begin, end).strip();
            if (!coding.equalsIgnoreCase("aws-chunked") && !coding.isEmpty()) {
                rest.append(rest.isEmpty() ? "" : ",").append(coding);
            }
            begin = end + 1;
        }
        return rest.toString();
    }

    /** Adds what GET and HEAD tell of an object. */
    static void describe(S3Response response, Head head, ObjectMetadata metadata, QueryParameters query) {
        response.header(LAST_MODIFIED, S3Dates.http(head.lastModifiedMillis()));
        response.header(ETAG, quoted(head));
        response.header(ACCEPT_RANGES, BYTES);
        if (metadata.header("content-type") == null && !query.has("response-content-type")) {
            response.header(CONTENT_TYPE, DEFAULT_TYPE);
        }
        for (Field field : metadata.headers()) {
            if (query.names().isEmpty() || !query.has("response-" + field.name())) {
                response.header(field.name(), field.value());
            }
        }
        for (int i = 0; i < query.names().size(); i++) {
            String name = query.names().get(i);
            if (name.startsWith("response-") && STORED.contains(name.substring("response-".length()))) {
                response.header(name.substring("response-".length()), headerValue(query.value(i)));
            }
        }
        for (Field field : metadata.userMetadata()) {
            response.header(META_PREFIX + field.name(), field.value());
        }
        if (head.storageClass() != StorageClass.STANDARD) {
            response.header("x-amz-storage-class", head.storageClass().name());
        }
    }

    /** A value for a header from a query: one char for each byte, nothing that would end the header. */
    private static String headerValue(Bytes value) {
        StringBuilder text = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            int b = value.at(i);
            if (b < 0x20 || b == 0x7f) {
                throw new S3Exception(S3Error.INVALID_ARGUMENT);
            }
            text.append((char) b);
        }
        return text.toString();
    }

    /** The ETag with its quotes. */
    public static String quoted(Head head) {
        return '"' + head.eTag().text() + '"';
    }

    /** Adds the version id, in a bucket that has versions. */
    public static void version(S3Response response, VersionId versionId) {
        if (versionId.kind() != VersionId.Kind.LATEST) {
            response.header("x-amz-version-id", versionId.text());
        }
    }

    /** Adds the additional checksum, if there is one. */
    public static void checksum(S3Response response, Head head, Bytes value) {
        ChecksumMark mark = head.checksum();
        if (!mark.isNone() && !value.isEmpty()) {
            response.header("x-amz-checksum-" + mark.algorithm().toLowerCase(Locale.ROOT), checksumText(head, value));
            response.header("x-amz-checksum-type", mark.type().name());
        }
    }

    /**
     * Adds the additional checksum of a part that is answered alone. Of an object whose checksum is that of all its bytes
     * there is none: with that type the value would be taken for the object's.
     */
    static void partChecksum(S3Response response, Head head, PartPage.Part part) {
        ChecksumMark mark = head.checksum();
        if (mark.type() == ChecksumType.COMPOSITE && !part.checksum().isEmpty()) {
            response.header(
                    "x-amz-checksum-" + mark.algorithm().toLowerCase(Locale.ROOT),
                    Base64.getEncoder().encodeToString(part.checksum().array()));
            response.header("x-amz-checksum-type", mark.type().name());
        }
    }

    /** The additional checksum as documents write it. */
    public static UploadDocuments.Checksum checksum(Head head, Bytes value) {
        ChecksumMark mark = head.checksum();
        return mark.isNone() || value.isEmpty()
                ? UploadDocuments.Checksum.NONE
                : new UploadDocuments.Checksum(
                        mark.algorithm(), checksumText(head, value), mark.type().name());
    }

    private static String checksumText(Head head, Bytes value) {
        return checksumText(head.checksum(), head.eTag(), value);
    }

    /** A checksum as the API writes it: base64, and the number of parts behind that of a composite one. */
    public static String checksumText(ChecksumMark mark, ETag eTag, Bytes value) {
        String base64 = Base64.getEncoder().encodeToString(value.array());
        return mark.type() == ChecksumType.COMPOSITE ? base64 + "-" + eTag.partCount() : base64;
    }
}
