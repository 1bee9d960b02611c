package io.roost.deploy.faults;

import io.roost.deploy.faults.KeyHistory.Segment;
import io.roost.deploy.faults.KeyHistory.State;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** An upload whose creation was acknowledged, with the parts that were. Used by one thread, then by another. */
final class OpenUpload {
    private final String key;
    private final List<CompletedPart> parts = new ArrayList<>();
    private final List<Segment> segments = new ArrayList<>();
    private boolean isCompleting;

    OpenUpload(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }

    synchronized boolean hasParts() {
        return !parts.isEmpty();
    }

    /** True when its completion has been asked for. */
    synchronized boolean isCompleting() {
        return isCompleting;
    }

    /** What the key holds when it is completed with these parts. */
    synchronized State state() {
        return new State(segments);
    }

    void addPart(S3Client s3, String id, Segment segment) {
        int number = parts.size() + 1;
        byte[] bytes = new State(List.of(segment)).bytes();
        String etag = s3.uploadPart(
                        r -> r.bucket(KillRounds.BUCKET).key(key).uploadId(id).partNumber(number),
                        RequestBody.fromBytes(bytes))
                .eTag();
        synchronized (this) {
            parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
            segments.add(segment);
        }
    }

    void complete(S3Client s3, String id) {
        List<CompletedPart> all;
        synchronized (this) {
            isCompleting = true;
            all = List.copyOf(parts);
        }
        s3.completeMultipartUpload(
                r -> r.bucket(KillRounds.BUCKET).key(key).uploadId(id).multipartUpload(m -> m.parts(all)));
    }
}
