package io.roost.objectstore.object;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.objectstore.ChecksumAlgorithm;
import io.roost.objectstore.Operation;
import io.roost.objectstore.PayloadDigests;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.bucket.Bucket;
import io.roost.objectstore.bucket.BucketDirectory.BucketReply;
import io.roost.objectstore.bucket.ClassErrors;
import io.roost.objectstore.classes.ByteSpan;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.Conditions;
import io.roost.objectstore.classes.CopyClass;
import io.roost.objectstore.classes.PutClass;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.ObjectMetadata;
import io.roost.objectstore.layout.PartList;
import io.roost.objectstore.layout.StorageClass;
import io.roost.objectstore.layout.VersionId;
import io.roost.objectstore.xml.UploadDocuments;
import io.vertx.core.Future;

/**
 * CopyObject. A copy onto itself changes the description in one transaction where it can; any other copies the bytes,
 * inline or into stripes of its own.
 */
public final class CopyObject implements Operation {
    private static final long MAX_SOURCE_BYTES = 5L << 30;

    /** A source that changes between reading and copying it is read again; one that changes all the time is given up. */
    private static final int MAX_ATTEMPTS = 8;

    private final Storage storage;

    /** The operation on a storage. */
    public CopyObject(Storage storage) {
        this.storage = storage;
    }

    /** What the request asks for. */
    private record Wanted(
            S3Request request,
            CopySource.Name name,
            boolean isReplacing,
            StorageClass storageClass,
            Conditions conditions,
            String algorithm) {
        boolean isSelf() {
            return request.target().equals(name.target());
        }

        ObjectMetadata metadata(CopySource source) {
            return isReplacing ? ObjectHeaders.metadata(request.headers(), Bytes.EMPTY) : source.metadata();
        }
    }

    @Override
    public Future<S3Response> answer(S3Request request) {
        ObjectHeaders.check(request.headers());
        Wanted wanted = new Wanted(
                request,
                CopySource.name(request),
                isReplacing(request.header("x-amz-metadata-directive")),
                ObjectHeaders.storageClass(request.headers()),
                Preconditions.forWrite(request.headers()),
                algorithm(request.header("x-amz-checksum-algorithm")));
        boolean changesNothing = wanted.isSelf()
                && !wanted.isReplacing()
                && wanted.name().version().kind() == VersionId.Kind.LATEST
                && request.header("x-amz-storage-class") == null;
        if (changesNothing) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "This copy request is illegal because it is trying to copy an object to itself without changing the"
                            + " object's metadata, storage class, website redirect location or encryption attributes.");
        }
        return storage.buckets().of(request).compose(bucket -> attempt(wanted, bucket, 1));
    }

    private static boolean isReplacing(String directive) {
        if (directive == null || directive.equals("COPY")) {
            return false;
        }
        if (directive.equals("REPLACE")) {
            return true;
        }
        throw new S3Exception(S3Error.INVALID_ARGUMENT, "Unknown metadata directive.");
    }

    private static String algorithm(String name) {
        if (name == null) {
            return "";
        }
        ChecksumAlgorithm algorithm = ChecksumAlgorithm.ofWireName(name);
        if (algorithm == null) {
            throw new S3Exception(S3Error.INVALID_REQUEST, "Checksum algorithm provided is unsupported.");
        }
        return algorithm.wireName();
    }

    private Future<S3Response> attempt(Wanted wanted, Bucket bucket, int number) {
        return CopySource.find(storage, wanted.request(), wanted.name(), ByteSpan.all())
                .compose(source -> {
                    if (source.head().sizeBytes() > MAX_SOURCE_BYTES) {
                        source.inline().release();
                        throw new S3Exception(
                                S3Error.INVALID_REQUEST,
                                "The specified copy source is larger than the maximum allowable size for a copy"
                                        + " source: " + MAX_SOURCE_BYTES);
                    }
                    boolean inPlace = wanted.isSelf()
                            && (wanted.algorithm().isEmpty()
                                    || wanted.algorithm()
                                            .equals(source.head().checksum().algorithm()));
                    return inPlace ? copySelf(wanted, bucket, source, number) : copyBytes(wanted, bucket, source);
                });
    }

    private Future<S3Response> copySelf(Wanted wanted, Bucket bucket, CopySource source, int number) {
        S3Request request = wanted.request();
        CopyClass.Copy copy = new CopyClass.Copy(
                request.nowMillis(),
                storage.ids().tag(),
                storage.ids().id(),
                wanted.storageClass(),
                wanted.metadata(source).encode());
        CopyClass.Source from =
                new CopyClass.Source(source.version(), source.head().writeTag());
        long garbageDue = storage.garbageDueMillis();
        return storage.buckets()
                .callOnKey(
                        request,
                        bucket,
                        request.key(),
                        now -> new CopyClass.Parameters(
                                        now.shardRef(), request.key(), from, copy, wanted.conditions(), garbageDue)
                                .call())
                .compose(reply -> {
                    if (reply.status() == ClassStatus.COPY_BYTES) {
                        return copyBytes(wanted, reply.bucket(), source);
                    }
                    source.inline().release();
                    if (reply.status() == ClassStatus.SOURCE_CHANGED && number < MAX_ATTEMPTS) {
                        return attempt(wanted, reply.bucket(), number + 1);
                    }
                    return Future.succeededFuture(answer(
                            reply, source, source.head(), source.metadata().checksum()));
                });
    }

    private Future<S3Response> copyBytes(Wanted wanted, Bucket bucket, CopySource source) {
        String algorithm =
                wanted.algorithm().isEmpty() ? source.head().checksum().algorithm() : wanted.algorithm();
        ObjectBytes bytes = source.bytes(storage, algorithm);
        long length = bytes.length();
        Future<S3Response> copied;
        if (length <= bucket.record().layout().headLimitBytes()) {
            copied = bytes.read((int) Math.max(length, 1))
                    .compose(body -> commit(wanted, bucket, source, bytes, Manifest.inline(), body));
        } else {
            StripedUpload striped = StripedUpload.ofObject(storage, wanted.request(), bucket, bytes);
            copied = striped.write()
                    .compose(written ->
                            commit(wanted, written, source, bytes, new Manifest.Striped(striped.set()), Data.EMPTY));
        }
        return copied.onComplete(done -> bytes.close());
    }

    private Future<S3Response> commit(
            Wanted wanted, Bucket bucket, CopySource source, ObjectBytes bytes, Manifest manifest, Data body) {
        S3Request request = wanted.request();
        PayloadDigests digests = bytes.digests();
        Head head = ObjectCommit.head(storage, request, bytes.length(), digests, wanted.storageClass(), manifest);
        Bytes metadata =
                wanted.metadata(source).with(digests.checksum(), PartList.EMPTY).encode();
        return ObjectCommit.put(storage, request, bucket, head, metadata, wanted.conditions(), body)
                .map(reply -> answer(reply, source, head, digests.checksum()));
    }

    private static S3Response answer(BucketReply reply, CopySource source, Head head, Bytes checksum) {
        if (reply.status() != ClassStatus.OK) {
            throw ClassErrors.of(reply.status());
        }
        PutClass.Reply written = PutClass.Reply.decode(reply.reply().output());
        S3Response response = new S3Response(200);
        ObjectHeaders.version(response, written.versionId());
        VersionId copied = source.found().versionId();
        if (copied.kind() != VersionId.Kind.LATEST) {
            response.header("x-amz-copy-source-version-id", copied.text());
        }
        return response.xml(UploadDocuments.copied(
                "CopyObjectResult",
                written.lastModifiedMillis(),
                head.eTag().text(),
                ObjectHeaders.checksum(head, checksum)));
    }
}
