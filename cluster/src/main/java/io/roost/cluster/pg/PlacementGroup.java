package io.roost.cluster.pg;

import io.roost.cluster.classes.ClassInput;
import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.EvaluationLimits;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.classes.StoreMiss;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreTransaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The primary of one placement group: evaluates object classes over its locators, gives every transaction a version and
 * a log entry, and answers when all acting replicas have it on disk. After Ceph's PrimaryLogPG, with the differences of
 * the architecture's section on object classes.
 *
 * <p>Writing methods see the transactions in flight, so that many writes to one locator share a commit. Every reply,
 * refusals and empty results included, waits for the newest transaction in flight that touched what it read. A request
 * that is already in the log is answered with its recorded reply and not carried out again.
 *
 * <p>A machine: one thread calls it, effects come out in order, it has no clock and does no I/O but reads of memory.
 */
public final class PlacementGroup {
    /** Evaluations of one operation that may end with a miss before it is given up as {@link ObjectError#BUSY}. */
    private static final int MAX_EVALUATIONS = 64;

    /** Transactions in flight; more are refused. 16 connections need a few, a bulk delete a hundred. */
    private static final int MAX_IN_FLIGHT = 4096;

    private final PgId id;
    private final ClassRegistry classes;
    private final ObjectStore store;
    private final PgLog log;
    private final PgLog.Limits limits;
    private final Reads reads;
    private final Overlay overlay = new Overlay();
    private final TreeMap<ObjectVersion, InFlight> inFlight = new TreeMap<>();
    private final Map<Locator, ArrayDeque<Write>> waiting = new HashMap<>();
    private final Map<Long, Write> fetching = new HashMap<>();
    private ObjectVersion committed;
    private long nextToken;
    private int epoch;

    /** A write that is being evaluated or waits for its turn. */
    private static final class Write {
        final long session;
        final OsdMessage.Operation operation;
        final ObjectClass.Method method;
        int evaluations;

        Write(long session, OsdMessage.Operation operation, ObjectClass.Method method) {
            this.session = session;
            this.operation = operation;
            this.method = method;
        }
    }

    /** A transaction that not all acting replicas have on disk yet. */
    private static final class InFlight {
        final ObjectVersion version;
        final Locator locator;
        final List<Mutation> mutations;
        final List<Entry> prior;
        final Bytes output;
        final List<Waiter> waiters = new ArrayList<>(1);
        boolean persisted;

        InFlight(Locator locator, ObjectVersion version, ClassReply reply, List<Entry> prior) {
            this.version = version;
            this.locator = locator;
            this.mutations = reply.mutations();
            this.prior = prior;
            this.output = reply.output();
        }
    }

    /**
     * A reply that waits for a transaction.
     *
     * @param session it goes to
     * @param reply sent when the transaction is committed
     * @param write what is evaluated again when the transaction is refused; null when the reply holds all the same
     */
    private record Waiter(long session, OsdMessage.ToClient reply, Write write) {}

    /**
     * A placement group as its log in the store says.
     *
     * @param log all kept entries appended
     */
    public PlacementGroup(PgId id, ClassRegistry classes, ObjectStore store, PgLog log, PgLog.Limits limits) {
        this.id = id;
        this.classes = classes;
        this.store = store;
        this.log = log;
        this.limits = limits;
        this.committed = log.head();
        this.reads = new Reads(store);
    }

    /** The placement group's id. */
    public PgId id() {
        return id;
    }

    /** The newest version that all acting replicas have on disk. */
    public ObjectVersion committed() {
        return committed;
    }

    /** Transactions in flight. */
    public int inFlightCount() {
        return inFlight.size();
    }

    /**
     * This OSD is the primary in the interval that began with the given epoch, and active: operations may come.
     *
     * @param mapEpoch becomes the epoch of every new version; never less than that of the log's head
     */
    public void onActive(int mapEpoch) {
        if (mapEpoch < log.head().epoch()) {
            throw new IllegalStateException(id + " active in epoch " + mapEpoch + " before its log's " + log.head());
        }
        epoch = mapEpoch;
    }

    /** An operation of a client, for a locator of this placement group. */
    public void onOperation(long session, OsdMessage.Operation operation, PgEffects out) {
        ObjectClass.Method method = classes.method(operation.className(), operation.method());
        if (method == null) {
            String name = operation.className() + "." + operation.method();
            out.reply(session, refusal(operation, ObjectError.NO_SUCH_CLASS, name));
        } else if (method.access() == ObjectClass.Access.READ) {
            onReadOperation(session, operation, method, out);
        } else {
            Write write = new Write(session, operation, method);
            ArrayDeque<Write> queue = waiting.get(operation.locator());
            if (queue != null) {
                queue.addLast(write);
            } else {
                evaluate(write, out);
            }
        }
    }

    private void onReadOperation(
            long session, OsdMessage.Operation operation, ObjectClass.Method method, PgEffects out) {
        boolean quiet = overlay.of(operation.locator()) == null;
        Reads.Pending read = reads.begin(session, operation, method, quiet);
        if (read.isDone()) {
            finishRead(read, out);
        } else {
            long token = nextToken++;
            reads.await(token, read);
            out.read(id, token, read::readFromDisk);
        }
    }

    private void finishRead(Reads.Pending read, PgEffects out) {
        if (read.damage() != null) {
            out.damaged(id, read.damage());
        }
        ObjectVersion touched = read.touched(overlay);
        afterCommit(touched, new Waiter(read.session(), read.reply(epoch, committed), null), out);
    }

    /** The task of {@link PgEffects#read} has ended; exactly one of result and failure is given. */
    public void onRead(long token, RuntimeException failure, PgEffects out) {
        Write write = fetching.remove(token);
        if (write == null) {
            Reads.Pending read = reads.take(token);
            if (failure != null) {
                read.fail(failure);
            }
            finishRead(read, out);
            return;
        }
        if (failure != null) {
            refuseUnread(write, failure, out);
            runWaiting(write.operation.locator(), out);
        } else if (evaluate(write, out)) {
            runWaiting(write.operation.locator(), out);
        }
    }

    /** Runs the writes that waited for a fetch of their locator, until one has to fetch itself. */
    private void runWaiting(Locator locator, PgEffects out) {
        ArrayDeque<Write> queue = waiting.get(locator);
        while (queue != null && !queue.isEmpty()) {
            if (!evaluate(queue.pollFirst(), out)) {
                return;
            }
        }
        waiting.remove(locator);
    }

    /** Evaluates a write; false when it has to fetch first and is run again later. */
    private boolean evaluate(Write write, PgEffects out) {
        OsdMessage.Operation operation = write.operation;
        if (answerFromLog(write, out)) {
            return true;
        }
        OperationView view = new OperationView(store, operation.locator(), overlay.of(operation.locator()));
        try {
            ClassInput input = new ClassInput(operation.request(), operation.parameters(), operation.data());
            ClassReply reply = write.method.body().evaluate(view, input);
            carryOut(write, reply, view, out);
            return true;
        } catch (StoreMiss miss) {
            if (++write.evaluations >= MAX_EVALUATIONS) {
                out.reply(write.session, refusal(operation, ObjectError.BUSY, "its reads do not stay in memory"));
                return true;
            }
            long token = nextToken++;
            fetching.put(token, write);
            waiting.computeIfAbsent(operation.locator(), l -> new ArrayDeque<>());
            out.read(id, token, () -> fetch(write, view.missed()));
            return false;
        } catch (ChecksumException damaged) {
            refuseUnread(write, damaged, out);
            return true;
        } catch (MalformedBytesException | IllegalArgumentException malformed) {
            out.reply(
                    write.session,
                    refusal(operation, ObjectError.INVALID_OPERATION, String.valueOf(malformed.getMessage())));
            return true;
        } finally {
            view.close();
        }
    }

    /** A write that cannot read what it depends on changes nothing. */
    private void refuseUnread(Write write, RuntimeException failure, PgEffects out) {
        if (failure instanceof ChecksumException damage) {
            out.damaged(id, damage);
        }
        out.reply(write.session, refusal(write.operation, ObjectError.IO_ERROR, String.valueOf(failure.getMessage())));
    }

    /**
     * Brings what an evaluation reads into memory, on any thread: a trial run from disk over committed state reads all of
     * it but what only the transactions in flight lead to, of which at least what was missed is read.
     */
    private void fetch(Write write, Runnable missed) {
        OsdMessage.Operation operation = write.operation;
        ClassInput input = new ClassInput(operation.request(), operation.parameters(), operation.data());
        try (CommittedView trial = new CommittedView(store.disk(), operation.locator())) {
            write.method.body().evaluate(trial, input);
        } catch (MalformedBytesException | IllegalArgumentException refused) {
            // The evaluation itself will say so, over the state that counts.
        }
        missed.run();
    }

    /** True when the request is in the log, or may have been and is not known any more. */
    private boolean answerFromLog(Write write, PgEffects out) {
        OsdMessage.Operation operation = write.operation;
        ObjectVersion version = log.find(operation.request());
        if (version != null) {
            InFlight transaction = inFlight.get(version);
            if (transaction != null) {
                Waiter again = new Waiter(write.session, success(operation, transaction.output, version), write);
                afterCommit(version, again, out);
            } else {
                long token = nextToken++;
                Reads.Pending recorded = reads.recorded(write.session, operation, id, version);
                reads.await(token, recorded);
                out.read(id, token, recorded::readFromDisk);
            }
            return true;
        }
        if (operation.attempt() > 0 && log.tail().compareTo(operation.knownVersion()) > 0) {
            String message = "the log begins after " + log.tail() + ", the client knew " + operation.knownVersion();
            out.reply(write.session, refusal(operation, ObjectError.OUTCOME_UNKNOWN, message));
            return true;
        }
        return false;
    }

    private void carryOut(Write write, ClassReply reply, OperationView view, PgEffects out) {
        OsdMessage.Operation operation = write.operation;
        if (reply.status() != ClassReply.OK || reply.mutations().isEmpty()) {
            OsdMessage.OperationReply answer = new OsdMessage.OperationReply(
                    operation.request(),
                    epoch,
                    reply.status(),
                    reply.output(),
                    Data.EMPTY,
                    ObjectVersion.NONE,
                    committed);
            afterCommit(view.touched(), new Waiter(write.session, answer, write), out);
            return;
        }
        checkLimits(reply);
        if (inFlight.size() >= MAX_IN_FLIGHT) {
            out.reply(write.session, refusal(operation, ObjectError.BUSY, inFlight.size() + " transactions in flight"));
            return;
        }
        if (write.method.access() != ObjectClass.Access.FREE
                && !store.hasRoom(operation.data().length())) {
            out.reply(write.session, refusal(operation, ObjectError.NO_SPACE, "the store is full"));
            return;
        }
        List<Entry> prior = new ArrayList<>(reply.mutations().size());
        for (Mutation mutation : reply.mutations()) {
            prior.add(view.entry(mutation.name()));
        }
        commit(write, reply, prior, out);
    }

    private static void checkLimits(ClassReply reply) {
        List<Mutation> mutations = reply.mutations();
        if (mutations.size() > EvaluationLimits.MAX_NAMES_WRITTEN) {
            throw new IllegalArgumentException(mutations.size() + " names in one transaction");
        }
        if (reply.output().length() > EvaluationLimits.MAX_RECORDED_REPLY_BYTES) {
            throw new IllegalArgumentException("a reply of " + reply.output().length() + " bytes to a write");
        }
        long bytes = 0;
        Set<Bytes> names = new HashSet<>(mutations.size() * 2);
        for (Mutation mutation : mutations) {
            if (!names.add(mutation.name())) {
                throw new IllegalArgumentException("two changes of " + mutation.name() + " in one transaction");
            }
            if (mutation instanceof Mutation.Put put) {
                bytes += put.attributes().length() + put.value().length();
                bytes += put.body() == null ? 0 : put.body().length();
            } else if (mutation instanceof Mutation.SetAttributes set) {
                bytes += set.attributes().length() + set.value().length();
            }
        }
        if (bytes > EvaluationLimits.MAX_BYTES_WRITTEN) {
            throw new IllegalArgumentException(bytes + " bytes in one transaction");
        }
    }

    private void commit(Write write, ClassReply reply, List<Entry> prior, PgEffects out) {
        OsdMessage.Operation operation = write.operation;
        Locator locator = operation.locator();
        ObjectVersion version = new ObjectVersion(epoch, log.head().version() + 1);
        List<LogEntry.Change> changes = new ArrayList<>(prior.size());
        for (int i = 0; i < prior.size(); i++) {
            changes.add(change(reply.mutations().get(i), prior.get(i)));
        }
        LogEntry entry = new LogEntry(version, operation.request(), locator.key(), reply.output(), changes);
        Bytes row = entry.encode();
        log.append(version, operation.request(), row.length());
        List<ObjectVersion> trimmed = log.trim(limits, inFlight.isEmpty() ? version : inFlight.firstKey());
        StoreTransaction transaction = LogRows.transaction(id, locator, version, reply.mutations(), row, trimmed);
        overlay.add(locator, version, reply.mutations(), prior);
        InFlight flight = new InFlight(locator, version, reply, prior);
        flight.waiters.add(new Waiter(write.session, success(operation, reply.output(), version), write));
        inFlight.put(version, flight);
        out.persist(id, version, transaction);
    }

    private static LogEntry.Change change(Mutation mutation, Entry prior) {
        ObjectVersion priorVersion = prior == null ? ObjectVersion.NONE : prior.version();
        if (mutation instanceof Mutation.Put) {
            return new LogEntry.Change(LogEntry.Kind.PUT, priorVersion, mutation.name());
        }
        if (mutation instanceof Mutation.SetAttributes) {
            if (prior == null) {
                throw new IllegalArgumentException("attributes of " + mutation.name() + ", which does not exist");
            }
            return new LogEntry.Change(LogEntry.Kind.SET_ATTRIBUTES, priorVersion, mutation.name());
        }
        return new LogEntry.Change(LogEntry.Kind.DELETE, priorVersion, mutation.name());
    }

    /** This OSD has the transaction of a version, and all before it, on disk. */
    public void onPersisted(ObjectVersion version, PgEffects out) {
        for (InFlight transaction : inFlight.headMap(version, true).values()) {
            transaction.persisted = true;
        }
        while (!inFlight.isEmpty() && inFlight.firstEntry().getValue().persisted) {
            InFlight oldest = inFlight.pollFirstEntry().getValue();
            committed = oldest.version;
            overlay.remove(oldest.locator, oldest.version, oldest.mutations);
            for (Waiter waiter : oldest.waiters) {
                out.reply(waiter.session(), waiter.reply());
            }
        }
    }

    /**
     * The store refused the transaction of a version and, because they were computed on top of it, all after it. The
     * first one's client is told why; the others are evaluated again.
     */
    public void onRefused(ObjectVersion version, ObjectError error, PgEffects out) {
        List<InFlight> refused = new ArrayList<>(inFlight.tailMap(version, true).values());
        inFlight.tailMap(version, true).clear();
        log.rollBack(version);
        overlay.clear();
        for (InFlight kept : inFlight.values()) {
            overlay.add(kept.locator, kept.version, kept.mutations, kept.prior);
        }
        out.resume(id);
        for (InFlight transaction : refused) {
            for (int i = 0; i < transaction.waiters.size(); i++) {
                Waiter waiter = transaction.waiters.get(i);
                if (waiter.write() == null) {
                    out.reply(waiter.session(), waiter.reply());
                } else if (i == 0 && transaction == refused.get(0)) {
                    out.reply(waiter.session(), refusal(waiter.write().operation, error, "refused by the store"));
                } else {
                    onOperation(waiter.session(), waiter.write().operation, out);
                }
            }
        }
    }

    private void afterCommit(ObjectVersion touched, Waiter waiter, PgEffects out) {
        InFlight transaction = touched.equals(ObjectVersion.NONE) ? null : inFlight.get(touched);
        if (transaction == null) {
            out.reply(waiter.session(), waiter.reply());
        } else {
            transaction.waiters.add(waiter);
        }
    }

    /** A page of the entries of this placement group, pending work or others. */
    public void onScanWork(long session, OsdMessage.ScanWork scan, int pgNum, PgEffects out) {
        long token = nextToken++;
        Reads.Pending read = reads.work(session, scan, pgNum);
        reads.await(token, read);
        out.read(id, token, read::readFromDisk);
    }

    private OsdMessage.OperationReply success(OsdMessage.Operation operation, Bytes output, ObjectVersion version) {
        return new OsdMessage.OperationReply(
                operation.request(),
                epoch,
                ClassReply.OK,
                output,
                Data.EMPTY,
                version,
                version.compareTo(committed) > 0 ? version : committed);
    }

    private OsdMessage.Refusal refusal(OsdMessage.Operation operation, ObjectError error, String message) {
        return new OsdMessage.Refusal(operation.request(), epoch, error, message);
    }
}
