package io.roost.objectstore.sim;

import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.sim.KeyHistory.Call;
import io.roost.objectstore.sim.KeyHistory.State;
import io.roost.objectstore.sim.KeyHistory.Version;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What clients ask of buckets. */
final class BucketClient {
    private final Workload workload;

    BucketClient(Workload workload) {
        this.workload = workload;
    }

    /** CreateBucket with some number of shards. */
    void create(SimBucket bucket, int shards, String placement, Runnable then) {
        long write = workload.nextWrite();
        Call call = bucket.existence().beginChange("create bucket " + write);
        RequestHeaders headers =
                RequestHeaders.of("x-roost-shards", Integer.toString(shards), "x-roost-placement", placement);
        workload.send(S3Operation.CREATE_BUCKET, bucket, "", "", headers, ObjectClient.NO_BODY, answer -> {
            switch (answer.kind()) {
                case OK -> call.did("ok", state -> true, state -> created(state, write));
                case UNKNOWN -> call.mayHave(String.valueOf(answer), state -> true, state -> created(state, write));
                default -> {
                    call.failed(String.valueOf(answer));
                    if (answer.kind() == Answer.Kind.REFUSED) {
                        workload.violation(call + " was refused");
                    }
                }
            }
            then.run();
        });
    }

    /** Creating one's own bucket again changes nothing. */
    private static State created(State state, long write) {
        return state.isAbsent() ? new State(List.of(new Version(write, "", false))) : state;
    }

    /** DeleteBucket: when it succeeds, no key was there. */
    void delete(SimBucket bucket, Runnable then) {
        Call call = bucket.existence().beginChange("delete bucket");
        Map<String, Call> keys = new LinkedHashMap<>();
        bucket.keys().forEach((key, history) -> keys.put(key, history.begin("delete bucket")));
        byte[] none = ObjectClient.NO_BODY;
        workload.send(S3Operation.DELETE_BUCKET, bucket, "", "", RequestHeaders.EMPTY, none, answer -> {
            boolean isAbsent = answer.isOk() || answer.isRefused(S3Error.NO_SUCH_BUCKET);
            for (Call key : keys.values()) {
                if (isAbsent) {
                    key.saw("bucket deleted", State::isAbsent);
                } else {
                    key.failed(String.valueOf(answer));
                }
            }
            if (answer.isOk()) {
                call.did("ok", state -> !state.isAbsent(), state -> State.ABSENT);
            } else if (answer.isRefused(S3Error.NO_SUCH_BUCKET)) {
                call.saw("NoSuchBucket", State::isAbsent);
            } else if (answer.isRefused(S3Error.BUCKET_NOT_EMPTY)) {
                call.saw("BucketNotEmpty", state -> !state.isAbsent());
            } else if (answer.kind() == Answer.Kind.NOT_SENT) {
                call.failed(String.valueOf(answer));
            } else {
                call.mayHave(String.valueOf(answer), state -> !state.isAbsent(), state -> State.ABSENT);
            }
            then.run();
        });
    }
}
