package io.roost.objectstore.object;

import io.roost.objectstore.Operation;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.bucket.Bucket;
import io.roost.objectstore.bucket.ClassErrors;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.Conditions;
import io.roost.objectstore.classes.DeleteClass;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.VersionId;
import io.roost.objectstore.xml.DeleteDocuments;
import io.roost.objectstore.xml.DeleteDocuments.Outcome;
import io.roost.objectstore.xml.DeleteDocuments.Victim;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** DeleteObjects: up to 1000 keys, those of one shard together. */
public final class DeleteObjects implements Operation {
    /** 1000 keys of 1024 bytes, some of them escaped. */
    private static final int MAX_DOCUMENT_BYTES = 2 << 20;

    private final Storage storage;

    /** The operation on a storage. */
    public DeleteObjects(Storage storage) {
        this.storage = storage;
    }

    @Override
    public Future<S3Response> answer(S3Request request) {
        return storage.buckets()
                .of(request)
                .compose(bucket -> request.body().document(MAX_DOCUMENT_BYTES).map(DeleteDocuments::parse))
                .compose(wanted -> storage.buckets().acrossShards(request, bucket -> delete(request, bucket, wanted)));
    }

    private Future<S3Response> delete(S3Request request, Bucket bucket, DeleteDocuments.Request wanted) {
        Outcome[] outcomes = new Outcome[wanted.victims().size()];
        Map<Integer, List<Integer>> byShard = new TreeMap<>();
        for (int i = 0; i < outcomes.length; i++) {
            Victim victim = wanted.victims().get(i);
            S3Error error = refusal(victim);
            if (error != null) {
                outcomes[i] = new Outcome(victim, "", error);
            } else {
                byShard.computeIfAbsent(bucket.shards().shardOf(victim.key()), shard -> new ArrayList<>())
                        .add(i);
            }
        }
        DeletedKeys deleted = new DeletedKeys(storage, request);
        List<Future<Void>> shards = new ArrayList<>(byShard.size());
        for (List<Integer> numbers : byShard.values()) {
            shards.add(deleteOfShard(deleted, bucket, wanted, numbers, outcomes));
        }
        return Future.join(shards)
                .map(done -> new S3Response(200).xml(DeleteDocuments.result(Arrays.asList(outcomes), wanted.detail())));
    }

    private static S3Error refusal(Victim victim) {
        if (victim.key().length() > EntryNames.MAX_KEY_BYTES) {
            return S3Error.KEY_TOO_LONG;
        }
        boolean known = victim.versionId().isEmpty() || VersionId.parse(victim.versionId()) != null;
        return known ? null : S3Error.NO_SUCH_VERSION;
    }

    /** Deletes the victims of some numbers; a fault of their shard becomes an error of each of them. */
    private Future<Void> deleteOfShard(
            DeletedKeys deleted,
            Bucket bucket,
            DeleteDocuments.Request wanted,
            List<Integer> numbers,
            Outcome[] outcomes) {
        List<DeleteClass.Target> targets = new ArrayList<>(numbers.size());
        for (int number : numbers) {
            targets.add(target(wanted.victims().get(number)));
        }
        return deleted.delete(bucket, targets)
                .onSuccess(results -> {
                    for (int i = 0; i < results.size(); i++) {
                        int number = numbers.get(i);
                        outcomes[number] = outcome(wanted.victims().get(number), results.get(i));
                    }
                })
                .mapEmpty();
    }

    private DeleteClass.Target target(Victim victim) {
        VersionId version = victim.versionId().isEmpty() ? VersionId.LATEST : VersionId.parse(victim.versionId());
        Conditions conditions = victim.etag().isEmpty()
                ? Conditions.NONE
                : new Conditions(
                        List.of(Preconditions.unquoted(victim.etag())),
                        List.of(),
                        Conditions.NO_TIME,
                        Conditions.NO_TIME);
        return new DeleteClass.Target(victim.key(), version, storage.ids().tag(), conditions);
    }

    private static Outcome outcome(Victim victim, DeleteClass.Outcome result) {
        if (result.status() != ClassStatus.OK) {
            return new Outcome(victim, "", ClassErrors.error(result.status()));
        }
        String marker = result.isDeleteMarker() ? result.versionId().text() : "";
        return new Outcome(victim, marker, null);
    }
}
