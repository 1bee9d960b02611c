package io.roost.objectstore.object;

import io.roost.objectstore.Operation;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.bucket.BucketDirectory.BucketReply;
import io.roost.objectstore.bucket.BucketSettings;
import io.roost.objectstore.bucket.ClassErrors;
import io.roost.objectstore.classes.ByteSpan;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.Conditions;
import io.roost.objectstore.classes.GetClass;
import io.roost.objectstore.xml.BucketDocuments;
import io.vertx.core.Future;

/** What is asked about an object's settings: its ACL, and those that no object can have yet. */
public final class ObjectSettings implements Operation {
    private final Storage storage;

    /** The operations on a storage. */
    public ObjectSettings(Storage storage) {
        this.storage = storage;
    }

    /** True for the operations that this class answers. */
    public static boolean answers(S3Operation operation) {
        return switch (operation) {
            case GET_OBJECT_ACL, GET_OBJECT_TAGGING, GET_OBJECT_RETENTION, GET_OBJECT_LEGAL_HOLD -> true;
            default -> false;
        };
    }

    @Override
    public Future<S3Response> answer(S3Request request) {
        GetClass.Parameters parameters =
                new GetClass.Parameters(request.key(), GetObject.versionId(request), Conditions.NONE, ByteSpan.all());
        return storage.buckets()
                .callOnKey(request, request.key(), bucket -> parameters.head())
                .map(reply -> answer(request, reply));
    }

    private static S3Response answer(S3Request request, BucketReply reply) {
        if (reply.status() != ClassStatus.OK) {
            throw ClassErrors.of(reply.status());
        }
        return switch (request.operation()) {
            case GET_OBJECT_ACL ->
                new S3Response(200)
                        .xml(BucketDocuments.ownerAcl(
                                BucketSettings.owner(request, reply.bucket().record())));
            case GET_OBJECT_TAGGING -> new S3Response(200).xml(BucketDocuments.noTags());
            default -> throw new S3Exception(S3Error.INVALID_REQUEST, "Bucket is missing Object Lock Configuration");
        };
    }
}
