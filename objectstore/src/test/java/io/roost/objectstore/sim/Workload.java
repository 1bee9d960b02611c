package io.roost.objectstore.sim;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.S3Target;
import io.roost.objectstore.sim.KeyHistory.Call;
import io.roost.objectstore.sim.KeyHistory.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** What the simulated clients share: buckets with their histories, contents, and how requests are made. */
final class Workload {
    /** The user metadata that says which operation wrote an object. */
    static final String WRITE = "x-amz-meta-write";

    /**
     * What clients do.
     *
     * @param smallBytes largest object that is surely inline
     * @param largeBytes largest object
     * @param leastPartBytes of a part that is not the last
     * @param pace of bodies
     */
    record Sizes(int smallBytes, int largeBytes, int leastPartBytes, SimBody.Pace pace) {}

    private final Scheduler scheduler;
    private final Gateways gateways;
    private final Sizes sizes;
    private final Contents contents = new Contents();
    private final List<SimBucket> buckets = new ArrayList<>();
    private final Marks marks;
    private final List<String> violations;
    private long lastWrite;

    Workload(Scheduler scheduler, Gateways gateways, Sizes sizes, Marks marks, List<String> violations) {
        this.scheduler = scheduler;
        this.gateways = gateways;
        this.sizes = sizes;
        this.marks = marks;
        this.violations = violations;
    }

    Random random() {
        return scheduler.random();
    }

    Gateways gateways() {
        return gateways;
    }

    Contents contents() {
        return contents;
    }

    List<SimBucket> buckets() {
        return buckets;
    }

    Sizes sizes() {
        return sizes;
    }

    Marks marks() {
        return marks;
    }

    void violation(String what) {
        violations.add(what);
    }

    /** A number for an operation that writes. */
    long nextWrite() {
        return ++lastWrite;
    }

    <T> T any(List<T> items) {
        return items.get(random().nextInt(items.size()));
    }

    SimBucket anyBucket() {
        return any(buckets);
    }

    /** A key to write, or null when too little is known of all of them. */
    String anyKey(SimBucket bucket) {
        List<String> clear =
                bucket.keys().keySet().stream().filter(bucket::isClear).toList();
        return clear.isEmpty() ? null : any(clear);
    }

    /** A size, of objects on both sides of the head limit. */
    int anySize() {
        return switch (random().nextInt(10)) {
            case 0 -> 0;
            case 1, 2, 3, 4 -> 1 + random().nextInt(sizes.smallBytes());
            default -> 1 + random().nextInt(sizes.largeBytes());
        };
    }

    void send(
            S3Operation operation,
            SimBucket bucket,
            String key,
            String query,
            RequestHeaders headers,
            byte[] body,
            Consumer<Answer> then) {
        S3Target target = new S3Target(bucket.name(), Bytes.utf8(key));
        send(new Gateways.Request(operation, target, query, headers, Bytes.wrap(body), sizes.pace()), bucket, then);
    }

    private void send(Gateways.Request request, SimBucket bucket, Consumer<Answer> then) {
        Call existence = bucket.kind() == SimBucket.Kind.PASSING
                        && request.operation() != S3Operation.CREATE_BUCKET
                        && request.operation() != S3Operation.DELETE_BUCKET
                ? bucket.existence().begin(request.operation().apiName())
                : null;
        scheduler.note(request.operation().apiName() + " " + request.target() + " " + request.query());
        gateways.send(request, answer -> {
            scheduler.note(request.operation().apiName() + " " + request.target() + " answered " + answer);
            marks.add(request.operation().apiName() + " " + answer.kind(), 1);
            if (existence != null) {
                existed(existence, request.operation(), answer);
            }
            then.accept(answer);
        });
    }

    /** What an answer says of the bucket: that it was there when one of its shards has decided. */
    private static void existed(Call existence, S3Operation operation, Answer answer) {
        boolean isDecidedByShard = answer.isOk()
                || answer.isRefused(S3Error.PRECONDITION_FAILED)
                || (answer.isRefused(S3Error.NO_SUCH_KEY) && operation != S3Operation.COPY_OBJECT);
        if (isDecidedByShard) {
            existence.saw(String.valueOf(answer), state -> !state.isAbsent());
        } else if (answer.isRefused(S3Error.NO_SUCH_BUCKET) && operation != S3Operation.COPY_OBJECT) {
            existence.saw("NoSuchBucket", State::isAbsent);
        } else {
            existence.failed(String.valueOf(answer));
        }
    }
}
