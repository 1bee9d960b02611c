package io.roost.cluster.pg;

import io.roost.cluster.classes.ClassInput;
import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.classes.StoreMiss;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.pg.log.LogEntry;
import io.roost.cluster.pg.log.LogRows;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.EntryScan;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreReader;
import io.roost.cluster.store.Tier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The reading operations of a placement group. Each is tried on the event loop from memory; what misses goes on from
 * disk, over a snapshot taken on the event loop, so that it sees the state of the moment it was asked.
 */
final class Reads {
    /** Reads that wait for the disk; more are refused. It serves some thousand a second. */
    private static final int MAX_AWAITED = 4096;

    private final ObjectStore store;
    private final Map<Long, Pending> awaited = new HashMap<>();
    private long nextToken;

    /** @param firstToken tokens count up from here */
    Reads(ObjectStore store, long firstToken) {
        this.store = store;
        this.nextToken = firstToken;
    }

    /**
     * Begins a read.
     *
     * @param quiet true when no transaction of the locator is in flight, so that nothing changes during the evaluation
     * @param absent names of the locator that cannot be read now
     */
    Pending begin(
            long session,
            OsdMessage.Operation operation,
            ObjectClass.Method method,
            boolean quiet,
            AbsentNames absent) {
        return new MethodRead(session, operation, method, quiet, absent);
    }

    /** The recorded reply of a request in the log. */
    Pending recorded(long session, OsdMessage.Operation operation, PgId pg, ObjectVersion version) {
        return new RecordedRead(session, operation, pg, version);
    }

    /**
     * A page of the placement group's entries.
     *
     * @param range of the page; it ends before what cannot be read now
     */
    Pending work(long session, OsdMessage.ScanWork scan, KeyLayout.KeyRange range, Bytes next) {
        return new WorkRead(session, scan, range, next);
    }

    /** True when no more reads are to begin. */
    boolean isFull() {
        return awaited.size() >= MAX_AWAITED;
    }

    /** A token for a read of one's own, which {@link #take} does not know. */
    long newToken() {
        return nextToken++;
    }

    /** Remembers a read that goes on elsewhere; returns its token. */
    long await(Pending read) {
        long token = newToken();
        awaited.put(token, read);
        return token;
    }

    /** Nobody waits for any of them. */
    void forgetAll() {
        awaited.clear();
    }

    Pending take(long token) {
        return awaited.remove(token);
    }

    /** A read on its way. Its fields pass from the event loop to a reading thread and back, never to both. */
    abstract static class Pending {
        private final long session;
        private final RequestId request;
        private ObjectError error;
        private String message;
        private RuntimeException failure;

        Pending(long session, RequestId request) {
            this.session = session;
            this.request = request;
        }

        long session() {
            return session;
        }

        RequestId request() {
            return request;
        }

        void fail(ObjectError why, String text) {
            error = why;
            message = text;
        }

        /** Why it failed, null when it did not or the request was wrong. */
        RuntimeException failure() {
            return failure;
        }

        void fail(RuntimeException met) {
            failure = met;
            boolean isClass = met instanceof ClassFailedException;
            fail(isClass ? ObjectError.CLASS_FAILED : ObjectError.IO_ERROR, String.valueOf(met.getMessage()));
        }

        /** The entry that is to be recovered before the read can be done, null for none. */
        Bytes missingKey() {
            return null;
        }

        /** True when it can be begun again. */
        boolean isRepeatable() {
            return false;
        }

        /** Begins it again. */
        void again(Primary primary, PgEffects out) {
            throw new IllegalStateException("a read of nothing that can be missing");
        }

        abstract boolean isDone();

        /** Carries on, on any thread, reading from disk. */
        abstract void readFromDisk();

        /** The newest transaction in flight that may have changed what was read, {@link ObjectVersion#NONE} for none. */
        ObjectVersion touched(Pipeline pipeline) {
            return ObjectVersion.NONE;
        }

        abstract OsdMessage.ToClient success(int epoch, ObjectVersion committed);

        OsdMessage.ToClient reply(int epoch, ObjectVersion committed) {
            return error == null ? success(epoch, committed) : new OsdMessage.Refusal(request, epoch, error, message);
        }
    }

    private final class MethodRead extends Pending {
        private final OsdMessage.Operation operation;
        private final ObjectClass.Method method;
        private final boolean quiet;
        private final AbsentNames absent;
        private Bytes missingKey;
        private CommittedView view;
        private StoreReader snapshot;
        private ClassReply reply;
        private Data body = Data.EMPTY;
        private boolean done;

        MethodRead(
                long session,
                OsdMessage.Operation operation,
                ObjectClass.Method method,
                boolean quiet,
                AbsentNames absent) {
            super(session, operation.request());
            this.absent = absent;
            this.operation = operation;
            this.method = method;
            this.quiet = quiet;
            StoreReader reader = quiet ? store.memory() : store.snapshot(Tier.MEMORY);
            try {
                read(reader);
                done = true;
            } catch (StoreMiss miss) {
                snapshot = store.snapshot(Tier.DISK);
            } finally {
                reader.close();
            }
        }

        private void read(StoreReader reader) {
            view = new CommittedView(reader, operation.locator(), absent);
            try (CommittedView open = view) {
                ClassInput input = new ClassInput(operation.request(), operation.parameters(), operation.data());
                reply = ClassFailedException.evaluate(method, open, input);
                readBody(reader);
            } catch (MissingName missing) {
                missingKey = KeyLayout.entry(operation.locator(), missing.name());
            } catch (MalformedBytesException | IllegalArgumentException malformed) {
                fail(ObjectError.INVALID_OPERATION, String.valueOf(malformed.getMessage()));
            } catch (ChecksumException | ClassFailedException failed) {
                fail(failed);
            }
        }

        @Override
        Bytes missingKey() {
            return missingKey;
        }

        @Override
        boolean isRepeatable() {
            return true;
        }

        @Override
        void again(Primary primary, PgEffects out) {
            primary.onOperation(session(), operation, out);
        }

        private void readBody(StoreReader reader) {
            ClassReply.BodyRange range = reply.body();
            if (range != null) {
                body = reader.body(operation.locator(), range.name(), range.offset(), range.length());
                if (body == null) {
                    fail(ObjectError.IO_ERROR, "entry " + range.name() + " has no body");
                }
            }
        }

        @Override
        boolean isDone() {
            return done;
        }

        @Override
        void readFromDisk() {
            try {
                if (quiet && reply != null) {
                    readRest();
                } else {
                    read(snapshot);
                }
            } finally {
                snapshot.close();
            }
        }

        /** Only the body was missed, and nothing has changed between the evaluation and the snapshot. */
        private void readRest() {
            try {
                readBody(snapshot);
            } catch (ChecksumException damaged) {
                fail(damaged);
            }
        }

        @Override
        ObjectVersion touched(Pipeline pipeline) {
            return view.touched(pipeline.pending(operation.locator()));
        }

        @Override
        OsdMessage.OperationReply success(int epoch, ObjectVersion committed) {
            return new OsdMessage.OperationReply(
                    request(), epoch, reply.status(), reply.output(), body, ObjectVersion.NONE, committed);
        }
    }

    private final class RecordedRead extends Pending {
        private final PgId pg;
        private final ObjectVersion version;
        private LogEntry entry;

        RecordedRead(long session, OsdMessage.Operation operation, PgId pg, ObjectVersion version) {
            super(session, operation.request());
            this.pg = pg;
            this.version = version;
        }

        @Override
        boolean isDone() {
            return false;
        }

        @Override
        void readFromDisk() {
            entry = LogRows.read(store, pg, version);
            if (entry == null) {
                fail(ObjectError.OUTCOME_UNKNOWN, "log entry " + version + " was trimmed meanwhile");
            }
        }

        /** The request has been carried out: nothing else may be said than that the answer is not known. */
        @Override
        void fail(RuntimeException met) {
            super.fail(met);
            fail(ObjectError.OUTCOME_UNKNOWN, "log entry " + version + " cannot be read: " + met.getMessage());
        }

        @Override
        OsdMessage.ToClient success(int epoch, ObjectVersion committed) {
            return entry.answer().message(request(), epoch, entry.changedVersion(), committed);
        }
    }

    private final class WorkRead extends Pending {
        private final OsdMessage.ScanWork scan;
        private final KeyLayout.KeyRange range;
        private final List<OsdMessage.WorkItem> items = new ArrayList<>();
        private Bytes next;

        WorkRead(long session, OsdMessage.ScanWork scan, KeyLayout.KeyRange range, Bytes next) {
            super(session, scan.request());
            this.scan = scan;
            this.range = range;
            this.next = next;
        }

        @Override
        boolean isDone() {
            return false;
        }

        @Override
        void readFromDisk() {
            Family family = scan.scanned() == OsdMessage.Scanned.WORK ? Family.WORK : Family.CATALOGUE;
            if (range.begin().compareTo(range.end()) >= 0) {
                return;
            }
            try (EntryScan entries = store.disk().scan(family, range)) {
                while (entries.next()) {
                    KeyLayout.EntryKey key = entries.entryKey();
                    if (items.size() == scan.maxEntries()) {
                        next = KeyLayout.entry(key.locator(), key.name());
                        break;
                    }
                    items.add(new OsdMessage.WorkItem(key.locator(), key.name(), entries.entry()));
                }
            }
        }

        @Override
        ObjectVersion touched(Pipeline pipeline) {
            return pipeline.newestInFlight();
        }

        @Override
        OsdMessage.ToClient success(int epoch, ObjectVersion committed) {
            return new OsdMessage.WorkReply(request(), epoch, items, next);
        }
    }
}
