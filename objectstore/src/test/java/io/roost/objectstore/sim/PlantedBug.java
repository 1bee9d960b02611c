package io.roost.objectstore.sim;

import io.roost.cluster.classes.ClassInput;
import io.roost.cluster.classes.ClassMethod;
import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.EntryCursor;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import io.roost.objectstore.classes.S3Classes;
import io.roost.objectstore.layout.EntryNames;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A mistake that the simulation must notice, made on purpose around the real code. */
enum PlantedBug {
    /** None. */
    NONE,
    /** The row log is not synced. */
    SKIP_ROW_SYNC,
    /** The data files are not synced. */
    SKIP_FILE_SYNC,
    /** Writes are answered when they are handed to the store. */
    ANSWER_BEFORE_SYNC,
    /** A head or part is committed although its intent is gone or being reaped. */
    COMMIT_WITHOUT_INTENT,
    /** The reaper deletes the stripes of an intent that it has not marked. */
    REAP_WITHOUT_MARK,
    /** The reaper leaves nothing where a stripe was, so that a late write of it succeeds. */
    BURY_WITHOUT_TOMBSTONE,
    /** A bucket can be deleted although it has keys. */
    FENCE_IN_SPITE_OF_KEYS,
    /** What a PUT replaces is forgotten instead of becoming garbage. */
    PUT_DROPS_GARBAGE,
    /** What a DELETE removes is forgotten instead of becoming garbage. */
    DELETE_DROPS_GARBAGE,
    /** A new version that shares the stripes of its source is not added to their reference row. */
    COPY_FORGETS_REFERENCE,
    /** A part is replaced and its stripes forgotten. */
    PART_DROPS_GARBAGE,
    /** Parts that a completion does not list are forgotten. */
    COMPLETE_DROPS_GARBAGE,
    /** The counters are not changed by a DELETE. */
    DELETE_FORGETS_COUNTERS,
    /** A gateway that changes a record tells nobody. */
    CHANGES_NOT_TOLD,
    /** A gateway acknowledges that a record has changed, and keeps it. */
    CHANGES_NOT_HEARD;

    /** Where to begin: what needs a rare coincidence is noticed in one seed of a hundred, and the gate has little time. */
    int firstSeed() {
        return switch (this) {
            case COMMIT_WITHOUT_INTENT -> 130;
            case REAP_WITHOUT_MARK -> 230;
            default -> 1;
        };
    }

    /** What the runs are about that are to notice it. */
    Plan.Theme theme() {
        return switch (this) {
            case COMMIT_WITHOUT_INTENT, REAP_WITHOUT_MARK, BURY_WITHOUT_TOMBSTONE -> Plan.Theme.LATE;
            default -> Plan.Theme.ANY;
        };
    }

    /** A method as the bug makes it. */
    private interface Sabotage {
        ClassReply evaluate(ClassMethod method, LocatorView view, ClassInput input);
    }

    /** The object classes with this bug; those of bugs that are elsewhere are as they were. */
    List<ObjectClass> plantedIn(List<ObjectClass> classes) {
        return switch (this) {
            case NONE, SKIP_ROW_SYNC, SKIP_FILE_SYNC, ANSWER_BEFORE_SYNC, CHANGES_NOT_TOLD, CHANGES_NOT_HEARD ->
                classes;
            case COMMIT_WITHOUT_INTENT -> rememberingIntents(classes);
            case REAP_WITHOUT_MARK -> reapingUnmarked(classes);
            case BURY_WITHOUT_TOMBSTONE -> dropping(classes, S3Classes.STRIPE, "bury", EntryNames.TOMBSTONE.at(0));
            case FENCE_IN_SPITE_OF_KEYS ->
                with(
                        classes,
                        S3Classes.SHARD,
                        "fence",
                        (method, view, input) -> method.evaluate(new ViewWithoutKeys(view), input));
            case PUT_DROPS_GARBAGE -> dropping(classes, S3Classes.OBJECT, "put", EntryNames.GARBAGE);
            case DELETE_DROPS_GARBAGE -> dropping(classes, S3Classes.OBJECT, "delete", EntryNames.GARBAGE);
            case COPY_FORGETS_REFERENCE -> dropping(classes, S3Classes.OBJECT, "copy-self", EntryNames.REFERENCE);
            case PART_DROPS_GARBAGE -> dropping(classes, S3Classes.MULTIPART, "put-part", EntryNames.GARBAGE);
            case COMPLETE_DROPS_GARBAGE -> dropping(classes, S3Classes.MULTIPART, "complete", EntryNames.GARBAGE);
            case DELETE_FORGETS_COUNTERS -> dropping(classes, S3Classes.OBJECT, "delete", EntryNames.COUNTERS.at(0));
        };
    }

    /** The system pool of a gateway with this bug; as it was with bugs that are elsewhere. */
    IoContext plantedIn(IoContext pool) {
        return switch (this) {
            case CHANGES_NOT_TOLD, CHANGES_NOT_HEARD -> new DeafPool(pool, this);
            default -> pool;
        };
    }

    private static final class DeafPool extends ForwardingPool {
        private final PlantedBug bug;

        DeafPool(IoContext real, PlantedBug bug) {
            super(real);
            this.bug = bug;
        }

        @Override
        public Future<Watch> watch(Bytes locatorKey, Bytes name, Watcher watcher) {
            return super.watch(locatorKey, name, new Watcher() {
                @Override
                public void onNotification(Bytes payload) {
                    if (bug != CHANGES_NOT_HEARD) {
                        watcher.onNotification(payload);
                    }
                }

                @Override
                public void onHeld() {
                    watcher.onHeld();
                }

                @Override
                public void onLost() {
                    watcher.onLost();
                }
            });
        }

        @Override
        public Future<NotifyReply> notify(Bytes locatorKey, Bytes name, Bytes payload, Duration timeout) {
            return bug == CHANGES_NOT_TOLD
                    ? Future.succeededFuture(new NotifyReply(0, 0))
                    : super.notify(locatorKey, name, payload, timeout);
        }
    }

    private static List<ObjectClass> dropping(List<ObjectClass> classes, String className, String method, int kind) {
        return with(classes, className, method, (body, view, input) -> {
            ClassReply reply = body.evaluate(view, input);
            List<Mutation> kept = reply.mutations().stream()
                    .filter(mutation -> mutation.name().at(0) != kind)
                    .toList();
            return new ClassReply(reply.status(), reply.output(), kept, reply.body());
        });
    }

    private static List<ObjectClass> reapingUnmarked(List<ObjectClass> classes) {
        List<ObjectClass> unmarked = with(classes, S3Classes.INTENT, "reap", (method, view, input) -> {
            ClassReply reply = method.evaluate(view, input);
            return reply.status() == ClassReply.OK ? ClassReply.read(reply.output()) : reply;
        });
        return with(unmarked, S3Classes.INTENT, "remove", (method, view, input) -> {
            Bytes setId = input.parameters().slice(0, EntryNames.ID_BYTES);
            return ClassReply.write(Bytes.EMPTY, List.of(new Mutation.Delete(EntryNames.intent(setId))));
        });
    }

    private static List<ObjectClass> rememberingIntents(List<ObjectClass> classes) {
        Map<Bytes, Entry> live = new TreeMap<>();
        Sabotage pretending = (method, view, input) -> method.evaluate(new ViewOfLiveIntents(view, live), input);
        List<ObjectClass> heads = with(classes, S3Classes.OBJECT, "put", pretending);
        List<ObjectClass> parts = with(heads, S3Classes.MULTIPART, "put-part", pretending);
        return with(parts, S3Classes.INTENT, "create", (method, view, input) -> {
            ClassReply reply = method.evaluate(view, input);
            for (Mutation mutation : reply.mutations()) {
                if (mutation instanceof Mutation.Put put && put.name().at(0) == EntryNames.INTENT) {
                    live.put(put.name(), new Entry(null, put.attributes(), 0, Entry.NO_BODY));
                }
            }
            return reply;
        });
    }

    /** Shows every intent as it was when it was made. */
    private record ViewOfLiveIntents(LocatorView view, Map<Bytes, Entry> live) implements LocatorView {
        @Override
        public Locator locator() {
            return view.locator();
        }

        @Override
        public Entry entry(Bytes name) {
            Entry entry = view.entry(name);
            return live.getOrDefault(name, entry);
        }

        @Override
        public Bytes value(Bytes name) {
            return view.value(name);
        }

        @Override
        public EntryCursor entries(Bytes from, Bytes to) {
            return view.entries(from, to);
        }
    }

    /** Shows everything but keys. */
    private record ViewWithoutKeys(LocatorView view) implements LocatorView {
        @Override
        public Locator locator() {
            return view.locator();
        }

        @Override
        public Entry entry(Bytes name) {
            return view.entry(name);
        }

        @Override
        public Bytes value(Bytes name) {
            return view.value(name);
        }

        @Override
        public EntryCursor entries(Bytes from, Bytes to) {
            boolean isOfKeys = from.at(0) == EntryNames.KEY;
            return view.entries(from, isOfKeys ? from : to);
        }
    }

    /** The classes, one method of them sabotaged. */
    private static List<ObjectClass> with(
            List<ObjectClass> classes, String className, String methodName, Sabotage sabotage) {
        return classes.stream()
                .map(one -> one.name().equals(className) ? with(one, methodName, sabotage) : one)
                .toList();
    }

    private static ObjectClass with(ObjectClass original, String methodName, Sabotage sabotage) {
        if (original.method(methodName) == null) {
            throw new IllegalArgumentException(original.name() + " has no method " + methodName);
        }
        ObjectClass copy = new ObjectClass(original.name(), original.version());
        for (String name : original.methodNames()) {
            ObjectClass.Method method = original.method(name);
            ClassMethod body = name.equals(methodName)
                    ? (view, input) -> sabotage.evaluate(method.body(), view, input)
                    : method.body();
            switch (method.access()) {
                case READ -> copy.reading(name, body);
                case READ_CONSTANT -> copy.readingConstant(name, body);
                case WRITE -> copy.writing(name, body);
                case FREE -> copy.freeing(name, body);
            }
        }
        return copy;
    }
}
