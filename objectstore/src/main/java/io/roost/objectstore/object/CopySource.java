package io.roost.objectstore.object;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.objectstore.PercentCoding;
import io.roost.objectstore.QueryParameters;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Target;
import io.roost.objectstore.bucket.Bucket;
import io.roost.objectstore.bucket.BucketDirectory.BucketReply;
import io.roost.objectstore.bucket.ClassErrors;
import io.roost.objectstore.classes.ByteSpan;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.GetClass;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.ObjectMetadata;
import io.roost.objectstore.layout.VersionId;
import io.vertx.core.Future;

/**
 * The object that a copy is made from, as it was found when its conditions held.
 *
 * @param target bucket and key
 * @param version as the request names it
 * @param found what a GET of it answers
 * @param bucket that it is in
 * @param inline its bytes when they came with the answer, else none; released by whoever uses them
 */
public record CopySource(S3Target target, VersionId version, GetClass.Reply found, Bucket bucket, Data inline) {
    /** Bucket, key and version that {@code x-amz-copy-source} names. */
    public record Name(S3Target target, VersionId version) {}

    /**
     * Reads the header: {@code [/]bucket/key[?versionId=id]}, percent-encoded.
     *
     * @throws S3Exception InvalidArgument
     */
    public static Name name(S3Request request) {
        String text = request.header("x-amz-copy-source");
        int begin = text.startsWith("/") ? 1 : 0;
        int question = text.indexOf("?versionId=", begin);
        int end = question < 0 ? text.length() : question;
        Bytes path = PercentCoding.decode(text, begin, end, PercentCoding.Plus.LITERAL);
        int slash = 0;
        while (slash < path.length() && path.at(slash) != '/') {
            slash++;
        }
        if (slash == 0 || slash >= path.length() - 1 || path.length() - slash - 1 > EntryNames.MAX_KEY_BYTES) {
            throw new S3Exception(
                    S3Error.INVALID_ARGUMENT,
                    "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
        }
        S3Target target = new S3Target(path.slice(0, slash).utf8(), path.slice(slash + 1, path.length()));
        return new Name(target, question < 0 ? VersionId.LATEST : version(text.substring(question + 1)));
    }

    private static VersionId version(String query) {
        VersionId version = VersionId.parse(QueryParameters.parse(query).text("versionId"));
        if (version == null) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "Invalid version id specified");
        }
        return version;
    }

    /**
     * Finds the source, with its bytes if they are inline. Fails as GET does, but with PreconditionFailed where GET would
     * answer that nothing was modified.
     */
    public static Future<CopySource> find(Storage storage, S3Request request, Name name, ByteSpan span) {
        S3Request reading = request.onSource(name.target());
        GetClass.Parameters parameters = new GetClass.Parameters(
                name.target().key(), name.version(), Preconditions.forCopySource(request.headers()), span);
        return storage.buckets()
                .callOnKey(reading, name.target().key(), bucket -> parameters.get())
                .map(reply -> of(name, reply));
    }

    private static CopySource of(Name name, BucketReply reply) {
        CallReply call = reply.reply();
        ClassStatus status = reply.status();
        if (status != ClassStatus.OK) {
            call.data().release();
            throw ClassErrors.of(status == ClassStatus.NOT_MODIFIED ? ClassStatus.PRECONDITION_FAILED : status);
        }
        return new CopySource(
                name.target(), name.version(), GetClass.Reply.decode(call.output()), reply.bucket(), call.data());
    }

    /** Its head. */
    public Head head() {
        return found.head();
    }

    /** What is stored with it. */
    public ObjectMetadata metadata() {
        return ObjectMetadata.decode(found.metadata());
    }

    /** Its bytes, with a checksum of the given algorithm, empty for none. */
    public ObjectBytes bytes(Storage storage, String algorithm) {
        if (found.length() == 0 || head().manifest() instanceof Manifest.Inline) {
            return new ObjectBytes(found.length(), inline, CopySource::noMore, algorithm);
        }
        StripedBody pieces = StripedBody.of(storage, bucket, target.key(), found);
        return new ObjectBytes(found.length(), Data.EMPTY, pieces::next, algorithm);
    }

    private static Future<Data> noMore() {
        return Future.failedFuture(new IllegalStateException("an inline object has one piece"));
    }
}
