package io.roost.objectstore.sim;

import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.sim.KeyHistory.Call;
import io.roost.objectstore.sim.KeyHistory.State;
import io.roost.objectstore.sim.KeyHistory.Version;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What clients ask of objects, and what their answers say about the keys. */
final class ObjectClient {
    static final byte[] NO_BODY = {};

    private static final Pattern LISTED =
            Pattern.compile("<Key>([^<]*)</Key>.*?<ETag>&quot;([^<]*)&quot;</ETag>.*?<Size>(\\d+)</Size>");

    private final Workload workload;
    /** Version ids that answers have told, by the number of the write. */
    private final Map<Long, String> versionIds;

    ObjectClient(Workload workload, Map<Long, String> versionIds) {
        this.workload = workload;
        this.versionIds = versionIds;
    }

    /** A condition of a write, as a header and as what it says of the state. */
    private record Condition(String header, String value, Predicate<State> holds) {
        static final Condition NONE = new Condition(null, null, state -> true);

        RequestHeaders headers(String... others) {
            RequestHeaders.Builder builder = RequestHeaders.of(others).toBuilder();
            return header == null ? builder.build() : builder.add(header, value).build();
        }
    }

    private Condition anyCondition(KeyHistory key) {
        List<State> states = new ArrayList<>(key.states());
        Version latest = states.get(0).latest();
        return switch (workload.random().nextInt(6)) {
            case 0 -> new Condition("if-none-match", "*", State::isAbsent);
            case 1 -> {
                String eTag = latest == null ? "0".repeat(32) : latest.eTag();
                yield new Condition("if-match", '"' + eTag + '"', state -> hasETag(state, eTag));
            }
            default -> Condition.NONE;
        };
    }

    private static boolean hasETag(State state, String eTag) {
        return state.latest() != null && state.latest().hasETag(eTag);
    }

    /** The effect of writing a version. */
    static UnaryOperator<State> writing(SimBucket bucket, Version version) {
        return bucket.isVersioned() ? state -> state.with(version) : state -> new State(List.of(version));
    }

    /** Ends a write as its answer says. */
    private void ended(Call call, Answer answer, Condition condition, UnaryOperator<State> effect) {
        switch (answer.kind()) {
            case OK -> call.did("ok", condition.holds(), effect);
            case UNKNOWN -> call.mayHave(String.valueOf(answer), condition.holds(), effect);
            case NOT_SENT -> call.failed(String.valueOf(answer));
            case REFUSED -> {
                if (answer.isRefused(S3Error.PRECONDITION_FAILED)) {
                    // A copy whose answer was lost may have any ETag, this one and others.
                    call.saw("412", state -> !condition.holds().test(state) || isOfUnknownContent(state));
                } else if (answer.isRefused(S3Error.NO_SUCH_KEY) || answer.isRefused(S3Error.NO_SUCH_BUCKET)) {
                    call.saw(String.valueOf(answer), State::isAbsent);
                } else {
                    call.failed(String.valueOf(answer));
                    workload.violation(call + " was refused");
                }
            }
        }
    }

    private static boolean isOfUnknownContent(State state) {
        return state.latest() != null && state.latest().eTag().equals(KeyHistory.ANY_ETAG);
    }

    void learnVersion(SimBucket bucket, long write, Answer answer) {
        if (answer.isOk() && bucket.isVersioned()) {
            String id = answer.header("x-amz-version-id");
            if (id == null) {
                workload.violation("no version id in a versioned bucket for write " + write);
            } else {
                versionIds.put(write, id);
            }
        }
    }

    /** PutObject, with a condition or without. */
    void put(SimBucket bucket, String key, Runnable then) {
        byte[] bytes = workload.contents().random(workload.random(), workload.anySize());
        String eTag = Contents.eTag(bytes);
        long write = workload.nextWrite();
        Condition condition = anyCondition(bucket.key(key));
        Call call = bucket.key(key).beginChange("put " + write + " " + eTag + " if " + condition.value());
        RequestHeaders headers = condition.headers(Workload.WRITE, Long.toString(write));
        workload.send(S3Operation.PUT_OBJECT, bucket, key, "", headers, bytes, answer -> {
            ended(call, answer, condition, writing(bucket, new Version(write, eTag, false)));
            learnVersion(bucket, write, answer);
            if (answer.isOk() && !eTag.equals(answer.header("etag"))) {
                workload.violation("put " + write + " answered another ETag: " + answer.header("etag"));
            }
            then.run();
        });
    }

    /** GetObject and HeadObject of the latest version, all of it or a range. */
    void get(SimBucket bucket, String key, Runnable then) {
        boolean isHead = workload.random().nextInt(4) == 0;
        int begin = workload.random().nextInt(workload.sizes().largeBytes());
        boolean isRange = !isHead && workload.random().nextInt(4) == 0;
        RequestHeaders headers =
                isRange ? RequestHeaders.of("range", "bytes=" + begin + "-" + (begin + 999)) : RequestHeaders.EMPTY;
        Call call = bucket.key(key).begin(isHead ? "head" : isRange ? "get from " + begin : "get");
        S3Operation operation = isHead ? S3Operation.HEAD_OBJECT : S3Operation.GET_OBJECT;
        workload.send(operation, bucket, key, "", headers, NO_BODY, answer -> {
            if (answer.isOk()) {
                Version found = found(answer);
                call.saw("saw " + found, state -> is(state.latest(), found));
                check(call, answer, found.eTag(), isHead ? -1 : isRange ? begin : 0);
            } else if (answer.isRefused(S3Error.NO_SUCH_KEY) || answer.isRefused(S3Error.NO_SUCH_BUCKET)) {
                call.saw(String.valueOf(answer), State::isAbsent);
            } else if (isRange && answer.isRefused(S3Error.INVALID_RANGE)) {
                call.saw(String.valueOf(answer), state -> !state.isAbsent());
            } else {
                failedRead(call, answer);
            }
            then.run();
        });
    }

    private void failedRead(Call call, Answer answer) {
        call.failed(String.valueOf(answer));
        if (answer.kind() == Answer.Kind.REFUSED) {
            workload.violation(call + " was refused");
        }
    }

    private static Version found(Answer answer) {
        String write = answer.header(Workload.WRITE);
        return new Version(write == null ? -1 : Long.parseLong(write), answer.header("etag"), false);
    }

    private static boolean is(Version version, Version found) {
        return version != null && version.write() == found.write() && version.hasETag(found.eTag());
    }

    /** Compares bytes; a begin of -1 is for an answer without them. */
    private void check(Call call, Answer answer, String eTag, int begin) {
        byte[] all = workload.contents().of(eTag);
        if (all == null) {
            workload.violation(call + ": nobody has ever written an object of that ETag");
        } else if (begin >= 0) {
            int end = begin + answer.bytes().length();
            boolean isWhole =
                    begin > 0 || end == all.length || answer.response().status() == 206;
            if (end > all.length
                    || !isWhole
                    || !Arrays.equals(answer.bytes().array(), Arrays.copyOfRange(all, begin, end))) {
                workload.violation(
                        call + ": other bytes than were written, " + begin + " to " + end + " of " + all.length);
            }
        }
    }

    /** GetObject of a version that an answer has named. */
    void getVersion(SimBucket bucket, String key, Runnable then) {
        Version wanted = anyVersion(bucket.key(key));
        if (wanted == null) {
            then.run();
            return;
        }
        Call call = bucket.key(key).begin("get version " + wanted.write());
        String query = "versionId=" + versionIds.get(wanted.write());
        workload.send(S3Operation.GET_OBJECT, bucket, key, query, RequestHeaders.EMPTY, NO_BODY, answer -> {
            if (answer.isOk()) {
                Version found = found(answer);
                call.saw("saw " + found, state -> found.write() == wanted.write() && state.has(wanted.write()));
                check(call, answer, found.eTag(), 0);
            } else if (answer.isRefused(S3Error.NO_SUCH_VERSION)) {
                call.saw(String.valueOf(answer), state -> !state.has(wanted.write()));
            } else {
                failedRead(call, answer);
            }
            then.run();
        });
    }

    private Version anyVersion(KeyHistory key) {
        List<Version> known = new ArrayList<>();
        for (State state : key.states()) {
            for (Version version : state.versions()) {
                if (!version.isMarker() && versionIds.containsKey(version.write())) {
                    known.add(version);
                }
            }
        }
        return known.isEmpty() ? null : workload.any(known);
    }

    /** DeleteObject of a version that an answer has named. */
    void deleteVersion(SimBucket bucket, String key, Runnable then) {
        Version wanted = anyVersion(bucket.key(key));
        if (wanted == null) {
            then.run();
            return;
        }
        Call call = bucket.key(key).beginChange("delete version " + wanted.write());
        String query = "versionId=" + versionIds.get(wanted.write());
        workload.send(S3Operation.DELETE_OBJECT, bucket, key, query, RequestHeaders.EMPTY, NO_BODY, answer -> {
            ended(call, answer, Condition.NONE, state -> state.without(wanted.write()));
            then.run();
        });
    }

    /** DeleteObject of the key. */
    void delete(SimBucket bucket, String key, Runnable then) {
        Call call = bucket.key(key).beginChange("delete");
        UnaryOperator<State> effect = deleting(bucket);
        workload.send(S3Operation.DELETE_OBJECT, bucket, key, "", RequestHeaders.EMPTY, NO_BODY, answer -> {
            ended(call, answer, Condition.NONE, effect);
            then.run();
        });
    }

    private UnaryOperator<State> deleting(SimBucket bucket) {
        Version marker = new Version(workload.nextWrite(), "", true);
        return bucket.isVersioned() ? state -> state.with(marker) : state -> State.ABSENT;
    }

    /** DeleteObjects of so many of a hundred of a bucket's keys. */
    void deleteSome(SimBucket bucket, int percent, Runnable then) {
        Map<String, Call> calls = new TreeMap<>();
        StringBuilder xml = new StringBuilder("<Delete>");
        for (String key : bucket.keys().keySet()) {
            if (workload.random().nextInt(100) < percent && bucket.isClear(key)) {
                calls.put(key, bucket.key(key).beginChange("delete among others"));
                xml.append("<Object><Key>").append(key).append("</Key></Object>");
            }
        }
        if (calls.isEmpty()) {
            then.run();
            return;
        }
        Map<String, UnaryOperator<State>> effects = new TreeMap<>();
        calls.keySet().forEach(key -> effects.put(key, deleting(bucket)));
        byte[] document = xml.append("</Delete>").toString().getBytes(StandardCharsets.UTF_8);
        workload.send(S3Operation.DELETE_OBJECTS, bucket, "", "delete", RequestHeaders.EMPTY, document, answer -> {
            calls.forEach((key, call) -> ended(call, answer, Condition.NONE, effects.get(key)));
            if (answer.isOk() && answer.text().contains("<Error>")) {
                workload.violation("DeleteObjects answered " + answer.text());
            }
            then.run();
        });
    }

    /** CopyObject of a key onto itself, with new metadata. */
    void copySelf(SimBucket bucket, String key, Runnable then) {
        long write = workload.nextWrite();
        Call call = bucket.key(key).beginChange("describe anew as " + write);
        RequestHeaders headers = copying(bucket, key, write);
        workload.send(S3Operation.COPY_OBJECT, bucket, key, "", headers, NO_BODY, answer -> {
            if (bucket.isVersioned()) {
                // The bytes may be read before and written after another write.
                copied(bucket, call, write, answer);
            } else if (answer.isOk()) {
                String eTag = answer.element("ETag");
                call.did("ok " + eTag, state -> hasETag(state, eTag), described(write));
            } else {
                ended(call, answer, new Condition(null, null, state -> !state.isAbsent()), described(write));
            }
            learnVersion(bucket, write, answer);
            then.run();
        });
    }

    private static UnaryOperator<State> described(long write) {
        return state -> new State(List.of(new Version(write, state.latest().eTag(), false)));
    }

    private static RequestHeaders copying(SimBucket source, String key, long write) {
        return RequestHeaders.of(
                "x-amz-copy-source",
                "/" + source.name() + "/" + key,
                "x-amz-metadata-directive",
                "REPLACE",
                Workload.WRITE,
                Long.toString(write));
    }

    /** CopyObject to another key. */
    void copy(SimBucket source, String from, SimBucket bucket, String to, Runnable then) {
        long write = workload.nextWrite();
        Call read = source.key(from).begin("copy from");
        Call call = bucket.key(to).beginChange("copy " + write + " of " + source.name() + "/" + from);
        workload.send(S3Operation.COPY_OBJECT, bucket, to, "", copying(source, from, write), NO_BODY, answer -> {
            if (answer.isOk()) {
                byte[] bytes = workload.contents().of(answer.element("ETag"));
                read.saw("copied " + answer.element("ETag"), state -> isContent(state, bytes));
            } else if (answer.isRefused(S3Error.NO_SUCH_KEY)) {
                read.saw(String.valueOf(answer), State::isAbsent);
            } else {
                read.failed(String.valueOf(answer));
            }
            copied(bucket, call, write, answer);
            learnVersion(bucket, write, answer);
            then.run();
        });
    }

    private boolean isContent(State state, byte[] bytes) {
        Version latest = state.latest();
        return latest != null
                && (latest.eTag().equals(KeyHistory.ANY_ETAG)
                        || Arrays.equals(workload.contents().of(latest.eTag()), bytes));
    }

    /** Of a copy that is refused the source may have been the reason. */
    private void copied(SimBucket bucket, Call call, long write, Answer answer) {
        if (answer.kind() == Answer.Kind.REFUSED) {
            call.failed(String.valueOf(answer));
            if (!answer.isRefused(S3Error.NO_SUCH_KEY) && !answer.isRefused(S3Error.NO_SUCH_BUCKET)) {
                workload.violation(call + " was refused");
            }
            return;
        }
        String eTag = answer.isOk() ? answer.element("ETag") : KeyHistory.ANY_ETAG;
        ended(call, answer, Condition.NONE, writing(bucket, new Version(write, eTag, false)));
        if (answer.isOk() && workload.contents().of(eTag) == null) {
            workload.violation(call + ": nobody has ever written an object of that ETag");
        }
    }

    /** ListObjectsV2, page by page; each key is seen by the page that it must be on. */
    void list(SimBucket bucket, Runnable then) {
        int maxKeys = 1 + workload.random().nextInt(4);
        String prefix = workload.random().nextInt(3) == 0 ? "a/" : "";
        listPage(bucket, prefix, maxKeys, "", then);
    }

    private void listPage(SimBucket bucket, String prefix, int maxKeys, String after, Runnable then) {
        Map<String, Call> calls = new TreeMap<>();
        for (String key : bucket.keys().keySet()) {
            if (key.startsWith(prefix) && key.compareTo(after) > 0) {
                calls.put(key, bucket.key(key).begin("list after '" + after + "'"));
            }
        }
        String query = "list-type=2&max-keys=" + maxKeys + "&prefix=" + prefix + "&start-after=" + after;
        workload.send(S3Operation.LIST_OBJECTS_V2, bucket, "", query, RequestHeaders.EMPTY, NO_BODY, answer -> {
            boolean isGone = answer.isRefused(S3Error.NO_SUCH_BUCKET);
            if (!answer.isOk()) {
                calls.values().forEach(call -> {
                    if (isGone) {
                        call.saw("NoSuchBucket", State::isAbsent);
                    } else {
                        failedRead(call, answer);
                    }
                });
                then.run();
                return;
            }
            String last = listed(calls, answer);
            boolean isTruncated = "true".equals(answer.element("IsTruncated"));
            if (isTruncated) {
                listPage(bucket, prefix, maxKeys, last, then);
            } else {
                then.run();
            }
        });
    }

    /** Tells the keys of a page what it says of them; answers the last key on it. */
    private String listed(Map<String, Call> calls, Answer answer) {
        Map<String, String> eTags = new TreeMap<>();
        String last = "";
        for (Matcher item = LISTED.matcher(answer.text()); item.find(); ) {
            last = item.group(1);
            String eTag = item.group(2);
            eTags.put(last, eTag);
            byte[] bytes = workload.contents().of(eTag);
            if (!calls.containsKey(last) || bytes == null || bytes.length != Integer.parseInt(item.group(3))) {
                workload.violation("listed: " + item.group());
            }
        }
        boolean isTruncated = "true".equals(answer.element("IsTruncated"));
        for (Map.Entry<String, Call> entry : calls.entrySet()) {
            String eTag = eTags.get(entry.getKey());
            if (eTag != null) {
                entry.getValue().saw("listed " + eTag, state -> hasETag(state, eTag));
            } else if (isTruncated && entry.getKey().compareTo(last) > 0) {
                entry.getValue().failed("on a later page");
            } else {
                entry.getValue().saw("not listed", State::isAbsent);
            }
        }
        return last;
    }
}
