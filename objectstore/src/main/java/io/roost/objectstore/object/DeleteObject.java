package io.roost.objectstore.object;

import io.roost.objectstore.Operation;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.bucket.ClassErrors;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.DeleteClass;
import io.vertx.core.Future;
import java.util.List;

/** DeleteObject. */
public final class DeleteObject implements Operation {
    private final Storage storage;

    /** The operation on a storage. */
    public DeleteObject(Storage storage) {
        this.storage = storage;
    }

    @Override
    public Future<S3Response> answer(S3Request request) {
        DeleteClass.Target target = new DeleteClass.Target(
                request.key(),
                GetObject.versionId(request),
                storage.ids().tag(),
                Preconditions.forWrite(request.headers()));
        DeletedKeys deleted = new DeletedKeys(storage, request);
        return storage.buckets()
                .of(request)
                .compose(bucket -> deleted.delete(bucket, List.of(target)))
                .map(outcomes -> answer(outcomes.get(0)));
    }

    private static S3Response answer(DeleteClass.Outcome outcome) {
        if (outcome.status() != ClassStatus.OK) {
            throw ClassErrors.of(outcome.status());
        }
        S3Response response = new S3Response(204);
        if (outcome.isDeleteMarker()) {
            response.header("x-amz-delete-marker", "true");
        }
        ObjectHeaders.version(response, outcome.versionId());
        return response;
    }
}
