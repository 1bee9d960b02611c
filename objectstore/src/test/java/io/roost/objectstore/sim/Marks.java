package io.roost.objectstore.sim;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what happened, so that a test can tell that the runs reach what they are about. */
final class Marks {
    /** What forty seeds reach together. */
    static final List<String> REACHED = List.of(
            "AbortMultipartUpload OK",
            "CompleteMultipartUpload OK",
            "CompleteMultipartUpload UNKNOWN",
            "CopyObject OK",
            "DeleteBucket OK",
            "DeleteBucket REFUSED",
            "DeleteBucket UNKNOWN",
            "DeleteObjects OK",
            "ListObjectsV2 OK",
            "PutObject NOT_SENT",
            "PutObject OK",
            "PutObject REFUSED",
            "PutObject UNKNOWN",
            "UploadPart OK",
            "UploadPartCopy OK",
            "bytes read apart",
            "failed writes",
            "four stripes of a body at once",
            "garbage rows removed",
            "gateways killed",
            "intents reaped",
            "keys found",
            "keys given",
            "keys not found",
            "keys taken",
            "power losses",
            "refused as full");

    private final Map<String, Long> counts = new TreeMap<>();

    void add(String what, long count) {
        counts.merge(what, count, Long::sum);
    }

    long of(String what) {
        return counts.getOrDefault(what, 0L);
    }

    void addAll(Marks other) {
        other.counts.forEach(this::add);
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
