package io.roost.objectstore.sim;

import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.sim.KeyHistory.Call;
import io.roost.objectstore.sim.KeyHistory.Version;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One multipart upload of a client: parts, some of them again or never to be listed, then completion, abortion, or
 * nothing. A part that was acknowledged must be there until then; what was completed must be all of the listed parts.
 */
final class UploadClient {
    private static final int MAX_PARTS = 4;
    private static final Pattern PART =
            Pattern.compile("<PartNumber>(\\d+)</PartNumber>.*?<ETag>&quot;([^<]*)&quot;</ETag>");

    private final Workload workload;
    private final ObjectClient objects;
    private final SimBucket bucket;
    private final String key;
    private final long write;
    /** The parts that were acknowledged; one whose last upload has an unknown outcome is not among them. */
    private final TreeMap<Integer, byte[]> parts = new TreeMap<>();

    private String uploadId;
    private Call completion;
    private boolean isOver;
    private int uploaded;

    UploadClient(Workload workload, ObjectClient objects, SimBucket bucket, String key) {
        this.workload = workload;
        this.objects = objects;
        this.bucket = bucket;
        this.key = key;
        this.write = workload.nextWrite();
    }

    /** True when the client has nothing more to do with it. */
    boolean isOver() {
        return isOver;
    }

    /** The next step. */
    void step(Runnable then) {
        if (uploadId == null) {
            create(then);
            return;
        }
        int choice = workload.random().nextInt(10);
        if (completion != null) {
            // The outcome of its completion is unknown: it is asked for again, or the upload aborted.
            settleCompletion(choice, then);
        } else if (uploaded < 2 || (choice < 4 && uploaded < 2 * MAX_PARTS)) {
            uploadPart(then);
        } else if (choice < 5) {
            listParts(then);
        } else if (choice < 8 && !parts.isEmpty()) {
            complete(then);
        } else if (choice == 8) {
            abort(then);
        } else {
            workload.marks().add("uploads left alone", 1);
            isOver = true;
            then.run();
        }
    }

    private void settleCompletion(int choice, Runnable then) {
        if (choice == 0) {
            abort(then);
        } else {
            complete(then);
        }
    }

    private void create(Runnable then) {
        RequestHeaders headers = RequestHeaders.of(Workload.WRITE, Long.toString(write));
        workload.send(
                S3Operation.CREATE_MULTIPART_UPLOAD, bucket, key, "uploads", headers, ObjectClient.NO_BODY, answer -> {
                    if (answer.isOk()) {
                        uploadId = answer.element("UploadId");
                    } else {
                        isOver = true;
                    }
                    then.run();
                });
    }

    private String query() {
        return "uploadId=" + uploadId;
    }

    /** True when the upload is gone because its bucket is, which only an empty one can be. */
    private boolean isGone(Answer answer) {
        return answer.isRefused(S3Error.NO_SUCH_BUCKET);
    }

    private void uploadPart(Runnable then) {
        int number = 1 + workload.random().nextInt(MAX_PARTS);
        uploaded++;
        parts.remove(number);
        boolean isLong = workload.random().nextInt(4) > 0;
        int length = isLong
                ? workload.sizes().leastPartBytes()
                        + workload.random().nextInt(workload.sizes().leastPartBytes())
                : workload.random().nextInt(workload.sizes().leastPartBytes());
        if (workload.random().nextInt(4) == 0) {
            copyPart(number, then);
            return;
        }
        byte[] bytes = new byte[length];
        workload.random().nextBytes(bytes);
        String query = "partNumber=" + number + "&" + query();
        workload.send(S3Operation.UPLOAD_PART, bucket, key, query, RequestHeaders.EMPTY, bytes, answer -> {
            if (answer.isOk()) {
                parts.put(number, bytes);
                if (!Contents.eTag(bytes).equals(answer.header("etag"))) {
                    workload.violation("part " + number + " answered another ETag: " + answer.header("etag"));
                }
            } else {
                refusedPart(answer);
            }
            then.run();
        });
    }

    /** A part whose upload has an unknown outcome may come yet and replace a later one, so its number is not used again. */
    private void refusedPart(Answer answer) {
        if (answer.isUnknown()) {
            isOver = true;
        } else if (answer.kind() == Answer.Kind.REFUSED) {
            lost(answer);
        }
    }

    private void lost(Answer answer) {
        isOver = true;
        if (!isGone(answer)) {
            workload.violation("upload " + write + " of " + key + " answered " + answer);
        }
    }

    private void copyPart(int number, Runnable then) {
        SimBucket source = workload.buckets().get(0);
        String from = workload.any(new ArrayList<>(source.keys().keySet()));
        int begin = workload.random().nextInt(workload.sizes().leastPartBytes());
        int end = begin + 1 + workload.random().nextInt(2 * workload.sizes().leastPartBytes());
        RequestHeaders headers = RequestHeaders.of(
                "x-amz-copy-source",
                source.name() + "/" + from,
                "x-amz-copy-source-range",
                "bytes=" + begin + "-" + (end - 1));
        String query = "partNumber=" + number + "&" + query();
        byte[] none = ObjectClient.NO_BODY;
        workload.send(S3Operation.UPLOAD_PART_COPY, bucket, key, query, headers, none, answer -> {
            if (answer.isOk()) {
                byte[] bytes = workload.contents().range(begin, end, answer.element("ETag"));
                if (bytes == null) {
                    workload.violation("part " + number + " is a copy of bytes that nobody has written");
                } else {
                    parts.put(number, bytes);
                }
            } else if (!isOfSource(answer)) {
                refusedPart(answer);
            }
            then.run();
        });
    }

    /** True when there is no source, or it is too short. */
    private static boolean isOfSource(Answer answer) {
        return answer.isRefused(S3Error.NO_SUCH_KEY)
                || answer.isRefused(S3Error.INVALID_ARGUMENT)
                || answer.isRefused(S3Error.INVALID_RANGE);
    }

    private void listParts(Runnable then) {
        workload.send(
                S3Operation.LIST_PARTS, bucket, key, query(), RequestHeaders.EMPTY, ObjectClient.NO_BODY, answer -> {
                    if (answer.isOk()) {
                        Map<Integer, String> listed = new TreeMap<>();
                        for (Matcher part = PART.matcher(answer.text()); part.find(); ) {
                            listed.put(Integer.parseInt(part.group(1)), part.group(2));
                        }
                        parts.forEach((number, bytes) -> {
                            if (!Contents.eTag(bytes).equals(listed.get(number))) {
                                workload.violation("part " + number + " of upload " + write + " is listed as "
                                        + listed.get(number));
                            }
                        });
                    } else if (answer.kind() == Answer.Kind.REFUSED) {
                        lost(answer);
                    }
                    then.run();
                });
    }

    /** The parts that can make an object: all but the last long enough. */
    private List<Integer> chosen() {
        List<Integer> numbers = new ArrayList<>();
        for (int number : parts.keySet()) {
            numbers.add(number);
            if (parts.get(number).length < workload.sizes().leastPartBytes()) {
                break;
            }
        }
        return numbers;
    }

    private void complete(Runnable then) {
        List<byte[]> bytes = new ArrayList<>();
        StringBuilder xml = new StringBuilder("<CompleteMultipartUpload>");
        for (int number : chosen()) {
            bytes.add(parts.get(number));
            xml.append("<Part><PartNumber>").append(number).append("</PartNumber><ETag>");
            xml.append(Contents.eTag(parts.get(number))).append("</ETag></Part>");
        }
        byte[] document = xml.append("</CompleteMultipartUpload>").toString().getBytes(StandardCharsets.UTF_8);
        String eTag = workload.contents().ofParts(bytes);
        if (completion == null) {
            completion = bucket.key(key).beginChange("complete " + write + " " + eTag);
        }
        workload.send(
                S3Operation.COMPLETE_MULTIPART_UPLOAD, bucket, key, query(), RequestHeaders.EMPTY, document, answer -> {
                    completed(eTag, answer);
                    then.run();
                });
    }

    private void completed(String eTag, Answer answer) {
        Version version = new Version(write, eTag, false);
        if (answer.isOk()) {
            isOver = true;
            completion.did("ok", state -> true, ObjectClient.writing(bucket, version));
            objects.learnVersion(bucket, write, answer);
            if (!eTag.equals(answer.element("ETag"))) {
                workload.violation("completion " + write + " answered another ETag: " + answer.element("ETag"));
            }
        } else if (answer.kind() == Answer.Kind.REFUSED) {
            // The client alone aborts it, so it is there, with its parts.
            completion.failed(String.valueOf(answer));
            lost(answer);
        }
    }

    /** Leaves an upload alone whose completion has an unknown outcome. */
    void giveUpCompletion() {
        if (!isOver && completion != null) {
            isOver = true;
            Version version = new Version(write, workload.contents().ofParts(listed()), false);
            completion.mayHave("given up", state -> true, ObjectClient.writing(bucket, version));
        }
    }

    private List<byte[]> listed() {
        return chosen().stream().map(parts::get).toList();
    }

    private void abort(Runnable then) {
        workload.send(
                S3Operation.ABORT_MULTIPART_UPLOAD,
                bucket,
                key,
                query(),
                RequestHeaders.EMPTY,
                ObjectClient.NO_BODY,
                answer -> {
                    aborted(answer);
                    then.run();
                });
    }

    private void aborted(Answer answer) {
        if (completion == null) {
            isOver = true;
            if (answer.isRefused(S3Error.NO_SUCH_UPLOAD)) {
                lost(answer);
            }
        } else if (answer.isOk()) {
            // It was still open, so it has not been completed and never will be.
            isOver = true;
            completion.failed("aborted");
        } else if (answer.isRefused(S3Error.NO_SUCH_UPLOAD)) {
            isOver = true;
            Version version = new Version(write, workload.contents().ofParts(listed()), false);
            completion.did("was completed", state -> true, ObjectClient.writing(bucket, version));
        } else {
            giveUpCompletion();
        }
    }
}
