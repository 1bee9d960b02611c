package io.roost.objectstore.classes;

import io.roost.cluster.classes.ClassInput;
import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.EntryCursor;
import io.roost.cluster.classes.EvaluationLimits;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.classes.StoreMiss;
import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import java.util.HashSet;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A locator in memory on which object classes can be tried: evaluates a call, checks every limit of an evaluation, and
 * applies its mutations. With a source of misses, reads end evaluations at random, as reads that need the disk do.
 */
public final class ModelLocator {
    private final Locator locator;
    private final ClassRegistry registry;
    private final Random misses;
    private final NavigableMap<Bytes, Stored> entries = new TreeMap<>();
    private long version;
    private int lastReads;

    private record Stored(Entry entry, Bytes value, Data body) {}

    /** An empty locator; {@code misses} is null for none. */
    public ModelLocator(Locator locator, ClassRegistry registry, Random misses) {
        this.locator = locator;
        this.registry = registry;
        this.misses = misses;
    }

    /** Evaluates a call and applies what it changes. */
    public CallReply call(ClassCall call) {
        ObjectClass.Method method = registry.method(call.className(), call.method());
        if (method == null) {
            throw new AssertionError("no method " + call.className() + "." + call.method());
        }
        ClassInput input = new ClassInput(RequestId.NONE, call.parameters(), call.data());
        ClassReply reply = evaluate(method, input);
        if (method.isReading()) {
            require(reply.mutations().isEmpty(), "a reading method changes entries");
            return new CallReply(reply.status(), reply.output(), body(reply), ObjectVersion.NONE);
        }
        require(reply.body() == null, "a writing method answers a body");
        require(
                reply.output().length() <= EvaluationLimits.MAX_RECORDED_REPLY_BYTES,
                "a recorded reply of " + reply.output().length() + " bytes");
        require(reply.status() == 0 || reply.mutations().isEmpty(), "a refusal changes entries");
        boolean changes = !reply.mutations().isEmpty();
        if (changes) {
            apply(reply);
        }
        ObjectVersion at = changes ? new ObjectVersion(1, version) : ObjectVersion.NONE;
        return new CallReply(reply.status(), reply.output(), Data.EMPTY, at);
    }

    /** Entries read by the last evaluation that ended. */
    public int lastReads() {
        return lastReads;
    }

    /** Plants damage: an entry's attributes as no class would write them, or no entry for null. */
    public void plant(Bytes name, Bytes attributes) {
        Stored old = entries.get(name);
        if (attributes == null) {
            entries.remove(name);
        } else {
            long bodyLength = old == null ? Entry.NO_BODY : old.entry.bodyLength();
            Bytes value = old == null ? Bytes.EMPTY : old.value;
            Entry entry = new Entry(new ObjectVersion(1, version), attributes, value.length(), bodyLength);
            entries.put(name, new Stored(entry, value, old == null ? null : old.body));
        }
    }

    /** Plants damage: another value of an entry that is there. */
    public void plantValue(Bytes name, Bytes value) {
        Stored old = entries.get(name);
        Entry entry = new Entry(old.entry.version(), old.entry.attributes(), value.length(), old.entry.bodyLength());
        entries.put(name, new Stored(entry, value, old.body));
    }

    /** Names of all entries, in order. */
    public Set<Bytes> names() {
        return new java.util.TreeSet<>(entries.keySet());
    }

    /** The attributes of an entry, or null. */
    public Bytes attributes(Bytes name) {
        Stored stored = entries.get(name);
        return stored == null ? null : stored.entry.attributes();
    }

    /** The entry of a name, or null. */
    public Entry entry(Bytes name) {
        Stored stored = entries.get(name);
        return stored == null ? null : stored.entry;
    }

    /** The value of an entry, empty for none. */
    public Bytes value(Bytes name) {
        Stored stored = entries.get(name);
        return stored == null ? Bytes.EMPTY : stored.value;
    }

    private ClassReply evaluate(ObjectClass.Method method, ClassInput input) {
        for (int attempt = 0; ; attempt++) {
            View view = new View(attempt);
            try {
                ClassReply reply = method.body().evaluate(view, input);
                lastReads = view.reads;
                return reply;
            } catch (StoreMiss miss) {
                require(misses != null, "a miss of its own");
            }
        }
    }

    private Data body(ClassReply reply) {
        if (reply.body() == null) {
            return Data.EMPTY;
        }
        Stored stored = entries.get(reply.body().name());
        require(stored != null && stored.body != null, "a body that is not there");
        byte[] all = stored.body.toArray();
        int begin = (int) Math.min(all.length, reply.body().offset());
        int end =
                (int) Math.min(all.length, reply.body().offset() + reply.body().length());
        return Data.wrap(java.util.Arrays.copyOfRange(all, begin, end));
    }

    private void apply(ClassReply reply) {
        require(reply.mutations().size() <= EvaluationLimits.MAX_NAMES_WRITTEN, "too many names");
        Set<Bytes> names = new HashSet<>();
        long bytes = 0;
        version++;
        ObjectVersion at = new ObjectVersion(1, version);
        for (Mutation mutation : reply.mutations()) {
            require(names.add(mutation.name()), "a name twice: " + mutation.name());
            if (mutation instanceof Mutation.Put put) {
                long bodyLength =
                        put.body() == null ? Entry.NO_BODY : put.body().length();
                Entry entry = new Entry(at, put.attributes(), put.value().length(), bodyLength);
                entries.put(put.name(), new Stored(entry, put.value(), put.body()));
                bytes += put.attributes().length() + put.value().length() + Math.max(0, bodyLength);
            } else if (mutation instanceof Mutation.SetAttributes set) {
                Stored old = entries.get(set.name());
                require(old != null, "attributes of an entry that is not there");
                Entry entry = new Entry(at, set.attributes(), set.value().length(), old.entry.bodyLength());
                entries.put(set.name(), new Stored(entry, set.value(), old.body));
                bytes += set.attributes().length() + set.value().length();
            } else {
                entries.remove(mutation.name());
            }
        }
        require(bytes <= EvaluationLimits.MAX_BYTES_WRITTEN, bytes + " bytes written");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private final class View implements LocatorView {
        /** After so many evaluations everything has been fetched. */
        private static final int MAX_MISSES = 30;

        private final boolean mayMiss;
        private int reads;

        View(int attempt) {
            mayMiss = misses != null && attempt < MAX_MISSES;
        }

        private void read() {
            reads++;
            require(reads <= EvaluationLimits.MAX_ENTRIES_READ, "too many entries read");
            if (mayMiss && misses.nextInt(8) == 0) {
                throw new StoreMiss();
            }
        }

        @Override
        public Locator locator() {
            return locator;
        }

        @Override
        public Entry entry(Bytes name) {
            read();
            return ModelLocator.this.entry(name);
        }

        @Override
        public Bytes value(Bytes name) {
            read();
            return ModelLocator.this.value(name);
        }

        @Override
        public EntryCursor entries(Bytes from, Bytes to) {
            boolean isWork = from.at(0) >= 0x80;
            Bytes familyEnd = isWork ? null : Bytes.of(0x80);
            require(to == null || isWork || to.compareTo(familyEnd) <= 0, "a range over two families");
            return new Cursor(from, to == null ? familyEnd : to);
        }

        private final class Cursor implements EntryCursor {
            private final Bytes from;
            private final Bytes to;
            private Bytes at;

            Cursor(Bytes from, Bytes to) {
                this.from = from;
                this.to = to;
            }

            @Override
            public boolean next() {
                read();
                return set(at == null ? entries.ceilingKey(from) : entries.higherKey(at));
            }

            @Override
            public boolean seek(Bytes name) {
                read();
                return set(entries.ceilingKey(name.compareTo(from) < 0 ? from : name));
            }

            private boolean set(Bytes found) {
                if (found == null || (to != null && found.compareTo(to) >= 0)) {
                    return false;
                }
                at = found;
                return true;
            }

            @Override
            public Bytes name() {
                return at;
            }

            @Override
            public Entry entry() {
                return entries.get(at).entry;
            }
        }
    }
}
