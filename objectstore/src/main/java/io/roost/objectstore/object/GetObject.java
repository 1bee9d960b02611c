package io.roost.objectstore.object;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectException;
import io.roost.objectstore.Operation;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.S3Response.Body;
import io.roost.objectstore.bucket.Bucket;
import io.roost.objectstore.bucket.BucketDirectory.BucketReply;
import io.roost.objectstore.bucket.ClassErrors;
import io.roost.objectstore.classes.ByteSpan;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.Conditions;
import io.roost.objectstore.classes.GetClass;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.ObjectMetadata;
import io.roost.objectstore.layout.VersionId;
import io.vertx.core.Future;

/**
 * GetObject and HeadObject, which differ only in the bytes. One read of the shard answers an object within the head
 * limit, but many bytes of it are read apart where a replica of the shard is nearer than its primary; the bytes of others
 * follow piece by piece from their stripes.
 */
public final class GetObject implements Operation {
    /** A stripe is so many times what is worth another call, to a replica in this process, instead of its way here. */
    private static final int WORTH_A_CALL = 16;

    private final Storage storage;

    /** Where the bytes of an inline object are read. */
    private enum BytesFrom {
        SHARD,
        NEAREST
    }

    /** The operation on a storage. */
    public GetObject(Storage storage) {
        this.storage = storage;
    }

    @Override
    public Future<S3Response> answer(S3Request request) {
        ByteSpan span = span(request);
        String ifRange = request.header("if-range");
        if (ifRange == null || span instanceof ByteSpan.All || span instanceof ByteSpan.Part) {
            return read(request, span, BytesFrom.NEAREST);
        }
        // RFC 9110 section 13.1.5: the range counts only for the object that the client has begun to fetch.
        GetClass.Parameters whole =
                new GetClass.Parameters(request.key(), versionId(request), Conditions.NONE, ByteSpan.all());
        return storage.buckets()
                .callOnKey(request, request.key(), bucket -> whole.head())
                .compose(reply -> {
                    boolean same = reply.status() == ClassStatus.OK
                            && GetClass.Reply.decode(reply.reply().output())
                                    .head()
                                    .eTag()
                                    .matches(Preconditions.unquoted(ifRange.strip()));
                    return read(request, same ? span : ByteSpan.all(), BytesFrom.NEAREST);
                });
    }

    private static ByteSpan span(S3Request request) {
        if (!request.query().has("partNumber")) {
            return ByteRange.parse(request.header("range"));
        }
        if (request.header("range") != null) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST, "Cannot specify both Range header and partNumber query parameter");
        }
        return new ByteSpan.Part(PartNumber.of(request));
    }

    private Future<S3Response> read(S3Request request, ByteSpan span, BytesFrom from) {
        boolean isHead = request.operation() == S3Operation.HEAD_OBJECT;
        GetClass.Parameters parameters = new GetClass.Parameters(
                request.key(), versionId(request), Preconditions.forRead(request.headers()), span);
        return storage.buckets()
                .callOnKey(
                        request,
                        request.key(),
                        bucket -> isHead
                                ? parameters.head()
                                : parameters
                                        .withMaxBytes(maxBytes(bucket, request.key(), from))
                                        .get())
                .compose(reply -> answer(request, reply, span));
    }

    private long maxBytes(Bucket bucket, Bytes key, BytesFrom from) {
        return from == BytesFrom.NEAREST && storage.data().isReplicaNear(bucket.locatorKeyOf(key))
                ? storage.sizes().stripeBytes() / WORTH_A_CALL
                : Long.MAX_VALUE;
    }

    /** The version that a request asks for. */
    static VersionId versionId(S3Request request) {
        String text = request.query().names().isEmpty() ? null : request.query().text("versionId");
        if (text == null) {
            return VersionId.LATEST;
        }
        VersionId versionId = VersionId.parse(text);
        if (versionId == null) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "Invalid version id specified");
        }
        return versionId;
    }

    private Future<S3Response> answer(S3Request request, BucketReply reply, ByteSpan span) {
        CallReply call = reply.reply();
        if (reply.status() != ClassStatus.OK) {
            call.data().release();
            throw refusal(request, reply);
        }
        GetClass.Reply found = GetClass.Reply.decode(call.output());
        Head head = found.head();
        ObjectMetadata metadata = ObjectMetadata.decode(found.metadata());
        // An empty part has no first byte to name in a Content-Range.
        boolean isPartial = span instanceof ByteSpan.Part ? found.length() > 0 : !(span instanceof ByteSpan.All);
        S3Response response = new S3Response(isPartial ? 206 : 200);
        ObjectHeaders.describe(response, head, metadata, request.query());
        ObjectHeaders.version(response, found.versionId());
        if (isPartial) {
            response.header("content-range", contentRange(found));
        }
        boolean isOfParts = span instanceof ByteSpan.Part && head.manifest() instanceof Manifest.Parts;
        if (isOfParts) {
            response.header(
                    "x-amz-mp-parts-count", Integer.toString(metadata.parts().count()));
        }
        if ("ENABLED".equalsIgnoreCase(request.header("x-amz-checksum-mode"))) {
            if (isOfParts && !found.parts().isEmpty()) {
                ObjectHeaders.partChecksum(response, head, found.parts().get(0));
            } else if (found.length() == head.sizeBytes()) {
                ObjectHeaders.checksum(response, head, metadata.checksum());
            }
        }
        if (request.operation() == S3Operation.HEAD_OBJECT) {
            return Future.succeededFuture(response.body(new Body.LengthOnly(found.length())));
        }
        if (found.apart() != null) {
            return bytesApart(found, reply.bucket(), request.key())
                    .compose(bytes -> bytes == null
                            ? read(request, span, BytesFrom.SHARD)
                            : Future.succeededFuture(
                                    response.body(new Body.Pieces(found.length(), bytes, GetObject::noMore))));
        }
        if (head.manifest() instanceof Manifest.Inline || found.length() == 0) {
            return Future.succeededFuture(
                    response.body(new Body.Pieces(found.length(), call.data(), GetObject::noMore)));
        }
        StripedBody pieces = StripedBody.of(storage, reply.bucket(), request.key(), found);
        return pieces.next().map(first -> response.body(new Body.Pieces(found.length(), first, pieces::next)));
    }

    /** Null when they have been replaced or deleted since they were found. */
    private Future<Data> bytesApart(GetClass.Reply found, Bucket bucket, Bytes key) {
        return storage.data().call(bucket.locatorKeyOf(key), found.bytes()).map(reply -> {
            if (ClassStatus.ofCode(reply.status()) != ClassStatus.OK) {
                return null;
            }
            if (reply.data().length() != found.length()) {
                reply.data().release();
                throw new ObjectException(ObjectError.IO_ERROR, "the body of " + key + " is cut short");
            }
            return reply.data();
        });
    }

    private static Future<Data> noMore() {
        return Future.failedFuture(new IllegalStateException("the first piece is the only one"));
    }

    private static String contentRange(GetClass.Reply found) {
        return "bytes " + found.offset() + '-' + (found.offset() + found.length() - 1) + '/'
                + found.head().sizeBytes();
    }

    private static S3Exception refusal(S3Request request, BucketReply reply) {
        return switch (reply.status()) {
            case NOT_MODIFIED -> {
                GetClass.Reply found = GetClass.Reply.decode(reply.reply().output());
                yield new S3Exception(
                        S3Error.NOT_MODIFIED,
                        "",
                        new S3Exception.Detail("etag", ObjectHeaders.quoted(found.head())),
                        new S3Exception.Detail(
                                "last-modified",
                                io.roost.objectstore.S3Dates.http(found.head().lastModifiedMillis())));
            }
            case INVALID_RANGE -> {
                GetClass.Reply found = GetClass.Reply.decode(reply.reply().output());
                yield new S3Exception(
                        S3Error.INVALID_RANGE,
                        S3Error.INVALID_RANGE.defaultMessage(),
                        new S3Exception.Detail("RangeRequested", request.header("range")),
                        new S3Exception.Detail(
                                "ActualObjectSize", Long.toString(found.head().sizeBytes())));
            }
            case NO_SUCH_PART -> {
                GetClass.Reply found = GetClass.Reply.decode(reply.reply().output());
                int partCount = ObjectMetadata.decode(found.metadata()).parts().count();
                yield new S3Exception(
                        S3Error.INVALID_PART_NUMBER,
                        S3Error.INVALID_PART_NUMBER.defaultMessage(),
                        new S3Exception.Detail(
                                "PartNumberRequested", request.query().text("partNumber")),
                        new S3Exception.Detail("ActualPartCount", Integer.toString(Math.max(1, partCount))));
            }
            default -> ClassErrors.of(reply.status());
        };
    }
}
