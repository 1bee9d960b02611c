package io.roost.cluster.pg;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.EvaluationLimits;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.classes.StoreMiss;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.pg.log.LogEntry;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * An OSD's part in an interval in which it is the primary of a placement group: evaluates object classes over its locators, gives every transaction a version and
 * a log entry, and answers when all acting replicas have it on disk. After Ceph's PrimaryLogPG, with the differences of
 * the architecture's section on object classes.
 *
 * <p>Writing methods see the transactions in flight, so that many writes to one locator share a commit. What a read
 * answers waits for the newest transaction in flight that touched what it read.
 *
 * <p><b>A request takes effect at most once, and as its client was told</b>, however many copies of it arrive and when.
 * What a writing method comes to is a log entry with the answer, on disk before the answer goes: also when it changes
 * nothing, because a later copy could find another state. So are the refusals that depend on state: NO_SPACE, IO_ERROR
 * for damaged data, INVALID_OPERATION of an evaluation that has read something. A copy of a request in the log gets the
 * recorded answer. Not recorded are:
 *
 * <ul>
 *   <li>what depends on the request alone, so that every copy gets the same: NO_SUCH_CLASS, and what a method answers
 *       before it reads anything (malformed parameters);
 *   <li>BUSY, which sheds load: it says that this copy was not carried out, and nothing about others;
 *   <li>copies so old that the log may have forgotten their request: none is carried out.
 * </ul>
 *
 * <p>A machine: one thread calls it, effects come out in order, it has no clock and does no I/O but reads of memory.
 */
final class Primary {
    /** Evaluations of one operation that may end with a miss before it is given up as {@link ObjectError#BUSY}. */
    private static final int MAX_EVALUATIONS = 64;

    /** Writes that wait for a fetch of their locator; more are refused. */
    private static final int MAX_WAITING = 4096;

    /** Characters of a refusal's message: a name of an entry, and what is wrong with it. */
    private static final int MAX_MESSAGE_LENGTH = 1024;

    private final PgId id;
    private final ClassRegistry classes;
    private final ObjectStore store;
    private final Pipeline pipeline;
    private final Reads reads;
    private final Upkeep upkeep;
    private final Recovery recovery;
    private final Repair repair;
    private final ReadLease lease;
    private final BooleanSupplier isAnyFull;
    private final Map<Locator, ArrayDeque<Write>> waiting = new HashMap<>();
    private final Map<Long, Write> fetching = new HashMap<>();
    private int waitingCount;
    private int epoch;

    /**
     * A primary whose log all members have.
     *
     * @param reads of the placement group; none is under way
     * @param isAnyFull whether some OSD is full, which may be any of those that take a transaction
     * @param epoch of the activation
     */
    Primary(
            PgId id,
            ClassRegistry classes,
            ObjectStore store,
            Reads reads,
            Pipeline pipeline,
            Upkeep upkeep,
            ReadLease lease,
            BooleanSupplier isAnyFull,
            int epoch) {
        this.lease = lease;
        this.isAnyFull = isAnyFull;
        this.upkeep = upkeep;
        this.repair = upkeep.repair();
        this.recovery = upkeep.recovery();
        this.id = id;
        this.classes = classes;
        this.store = store;
        this.reads = reads;
        this.pipeline = pipeline;
        this.epoch = epoch;
    }

    /** The newest version that this OSD and all members have on disk. */
    ObjectVersion committed() {
        return pipeline.committed();
    }

    /** Transactions in flight. */
    int inFlightCount() {
        return pipeline.inFlightCount();
    }

    /** A newer map that goes on with the interval: its epoch is that of every new version. */
    void onMap(int mapEpoch) {
        epoch = mapEpoch;
    }

    /** The interval has ended; nobody in flight is answered. */
    void end() {
        pipeline.end();
        upkeep.end();
        lease.end();
        reads.forgetAll();
    }

    void onMessage(int from, ReplicationMessage message, PgEffects out) {
        if (message instanceof ReplicationMessage.Replicated replicated) {
            pipeline.onReplicated(from, replicated.version(), out);
        } else {
            upkeep.onMessage(from, message, out);
        }
    }

    /** The connection to an OSD broke; what was said to it may be lost. */
    void onPeerReset(int osd, PgEffects out) {
        pipeline.onPeerReset(osd, out);
        upkeep.onPeerReset(osd, out);
        lease.onPeerReset(out);
    }

    /** An operation of a client, for a locator of this placement group. */
    void onOperation(long session, OsdMessage.Operation operation, PgEffects out) {
        ObjectClass.Method method = classes.method(operation.className(), operation.method());
        if (method == null) {
            String name = operation.className() + "." + operation.method();
            turnAway(session, operation.request(), ObjectError.NO_SUCH_CLASS, name, out);
        } else if (method.isReading()) {
            if (lease.holds(out)) {
                onReadOperation(session, operation, method, out);
            } else if (!lease.await(then -> onOperation(session, operation, then))) {
                turnAway(session, operation.request(), ObjectError.BUSY, "too many reads wait for a lease", out);
            }
        } else {
            Write write = new Write(session, operation, method);
            ArrayDeque<Write> queue = waiting.get(operation.locator());
            if (queue == null) {
                evaluate(write, out);
            } else if (waitingCount < MAX_WAITING) {
                waitingCount++;
                queue.addLast(write);
            } else {
                turnAway(session, operation.request(), ObjectError.BUSY, "too many writes wait for reads", out);
            }
        }
    }

    private void onReadOperation(
            long session, OsdMessage.Operation operation, ObjectClass.Method method, PgEffects out) {
        if (reads.isFull()) {
            turnAway(session, operation.request(), ObjectError.BUSY, "too many reads wait for the disk", out);
            return;
        }
        boolean quiet = pipeline.pending(operation.locator()) == null;
        Reads.Pending read = reads.begin(session, operation, method, quiet, recovery.absent(operation.locator()));
        if (read.isDone()) {
            finishRead(read, out);
        } else {
            out.read(id, reads.await(read), read::readFromDisk);
        }
    }

    private void finishRead(Reads.Pending read, PgEffects out) {
        if (read.missingKey() != null) {
            recovery.whenHere(read.missingKey(), then -> read.again(this, then), out);
            return;
        }
        if (read.isRepeatable()
                && repair.onDamage(
                        read.failure(), then -> read.again(this, then), then -> replyRead(read, then), out)) {
            return;
        }
        tell(read.failure(), out);
        replyRead(read, out);
    }

    private void replyRead(Reads.Pending read, PgEffects out) {
        OsdMessage.ToClient reply = read.reply(epoch, pipeline.committed());
        pipeline.await(read.touched(pipeline), new Pipeline.Waiter(read.session(), reply, null), out);
    }

    /** The task of {@link PgEffects#read} has ended; exactly one of result and failure is given. */
    void onRead(long token, RuntimeException failure, PgEffects out) {
        if (upkeep.onRead(token, failure, out)) {
            return;
        }
        Write write = fetching.remove(token);
        if (write == null) {
            finishRead(token, failure, out);
            return;
        }
        if (failure != null) {
            if (!repaired(write, failure, out)) {
                refuseUnread(write, failure, out);
                runWaiting(write.operation.locator(), out);
            }
        } else {
            again(write, out);
        }
    }

    private void finishRead(long token, RuntimeException failure, PgEffects out) {
        Reads.Pending read = reads.take(token);
        // Null when it was begun in another interval.
        if (read != null) {
            if (failure != null) {
                read.fail(failure);
            }
            finishRead(read, out);
        }
    }

    /** Runs the writes that waited for a fetch of their locator, until one has to fetch itself. */
    private void runWaiting(Locator locator, PgEffects out) {
        ArrayDeque<Write> queue = waiting.get(locator);
        while (queue != null && !queue.isEmpty()) {
            waitingCount--;
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
        Locator locator = operation.locator();
        OperationView view = new OperationView(store, locator, pipeline.pending(locator), recovery.absent(locator));
        try {
            return carryOut(write, ClassFailedException.evaluate(write.method, view, write.input()), view, out);
        } catch (StoreMiss miss) {
            if (++write.evaluations >= MAX_EVALUATIONS) {
                turnAway(write.session, operation.request(), ObjectError.BUSY, "its reads do not stay in memory", out);
                return true;
            }
            long token = reads.newToken();
            fetching.put(token, write);
            waiting.computeIfAbsent(locator, l -> new ArrayDeque<>());
            out.read(id, token, () -> fetch(write, view.missed()));
            return false;
        } catch (MissingName missing) {
            waiting.computeIfAbsent(locator, l -> new ArrayDeque<>());
            recovery.whenHere(KeyLayout.entry(locator, missing.name()), then -> again(write, then), out);
            return false;
        } catch (ChecksumException damaged) {
            if (repaired(write, damaged, out)) {
                waiting.computeIfAbsent(locator, l -> new ArrayDeque<>());
                return false;
            }
            refuseUnread(write, damaged, out);
            return true;
        } catch (ClassFailedException failed) {
            tell(failed, out);
            record(write, refusal(ObjectError.CLASS_FAILED, failed), out);
            return true;
        } catch (MalformedBytesException | IllegalArgumentException malformed) {
            LogEntry.Answer answer = refusal(ObjectError.INVALID_OPERATION, malformed);
            if (view.hasRead()) {
                record(write, answer, out);
            } else {
                reply(write, answer, out);
            }
            return true;
        } finally {
            view.close();
        }
    }

    /** Evaluates a write that has waited, and then those that waited for it. */
    private void again(Write write, PgEffects out) {
        if (evaluate(write, out)) {
            runWaiting(write.operation.locator(), out);
        }
    }

    private void tell(RuntimeException failure, PgEffects out) {
        if (failure instanceof ChecksumException damage) {
            out.damaged(id, damage);
        } else if (failure instanceof ClassFailedException fault) {
            out.classFailed(id, fault);
        }
    }

    /** False when what a write depends on is damaged for good; otherwise it goes on when that is known. */
    private boolean repaired(Write write, RuntimeException failure, PgEffects out) {
        return repair.onDamage(
                failure,
                then -> again(write, then),
                then -> {
                    recordUnread(write, failure, then);
                    runWaiting(write.operation.locator(), then);
                },
                out);
    }

    /** A write that cannot read what it depends on changes nothing. */
    private void refuseUnread(Write write, RuntimeException failure, PgEffects out) {
        tell(failure, out);
        recordUnread(write, failure, out);
    }

    private void recordUnread(Write write, RuntimeException failure, PgEffects out) {
        record(write, refusal(ObjectError.IO_ERROR, failure), out);
    }

    /**
     * Brings what an evaluation reads into memory, on any thread: a trial run from disk over committed state reads all of
     * it but what only the transactions in flight lead to, of which at least what was missed is read.
     */
    private void fetch(Write write, Runnable missed) {
        try (CommittedView trial = new CommittedView(store.disk(), write.operation.locator(), AbsentNames.NONE)) {
            ClassFailedException.evaluate(write.method, trial, write.input());
        } catch (MalformedBytesException
                | IllegalArgumentException
                | ChecksumException
                | ClassFailedException refused) {
            // The evaluation itself will say so, over the state that counts, if it comes to that.
        }
        missed.run();
    }

    /** True when the request is in the log, or may have been and is not known any more. */
    private boolean answerFromLog(Write write, PgEffects out) {
        OsdMessage.Operation operation = write.operation;
        ObjectVersion version = pipeline.find(operation.request());
        if (version != null) {
            if (!pipeline.answerAgain(version, write, epoch)) {
                Reads.Pending recorded = reads.recorded(write.session, operation, id, version);
                out.read(id, reads.await(recorded), recorded::readFromDisk);
            }
            return true;
        }
        ObjectVersion known = operation.knownVersion();
        boolean mayBeForgotten = pipeline.tail().compareTo(known) > 0;
        if (mayBeForgotten) {
            out.reply(write.session, new OsdMessage.Outdated(operation.request(), epoch, known, pipeline.committed()));
        }
        return mayBeForgotten;
    }

    /** Carries out what an evaluation came to; false when that has to wait. */
    private boolean carryOut(Write write, ClassReply reply, OperationView view, PgEffects out) {
        EvaluationLimits.check(reply);
        Locator locator = write.operation.locator();
        LogEntry.Answer answer = new LogEntry.Answer.Reply(reply.status(), reply.output());
        if (reply.status() != ClassReply.OK || reply.mutations().isEmpty()) {
            if (view.hasRead()) {
                record(write, answer, out);
            } else {
                reply(write, answer, out);
            }
            return true;
        }
        if (write.method.access() != ObjectClass.Access.FREE
                && (isAnyFull.getAsBoolean()
                        || !store.hasRoom(
                                locator, reply.mutations(), reply.output().length()))) {
            record(write, new LogEntry.Answer.Refusal(ObjectError.NO_SPACE, "the store is full"), out);
            return true;
        }
        List<Entry> prior = new ArrayList<>(reply.mutations().size());
        for (Mutation mutation : reply.mutations()) {
            Entry entry = view.entry(mutation.name());
            if (entry == null && mutation instanceof Mutation.SetAttributes) {
                throw new IllegalArgumentException("attributes of " + mutation.name() + ", which does not exist");
            }
            prior.add(entry);
        }
        if (!upkeep.letsChange(locator, reply.mutations(), then -> again(write, then), out)) {
            waiting.computeIfAbsent(locator, l -> new ArrayDeque<>());
            return false;
        }
        append(write, answer, reply.mutations(), prior, out);
        return true;
    }

    /** Answers a write that changes nothing, when the answer is in the log. */
    private void record(Write write, LogEntry.Answer answer, PgEffects out) {
        append(write, answer, List.of(), List.of(), out);
    }

    private void append(
            Write write, LogEntry.Answer answer, List<Mutation> mutations, List<Entry> prior, PgEffects out) {
        if (pipeline.isFull()) {
            String message = pipeline.inFlightCount() + " transactions in flight";
            turnAway(write.session, write.operation.request(), ObjectError.BUSY, message, out);
        } else {
            pipeline.append(write, epoch, answer, mutations, prior, out);
        }
    }

    /** Gives an answer that every copy of the request gets. */
    private void reply(Write write, LogEntry.Answer answer, PgEffects out) {
        RequestId request = write.operation.request();
        out.reply(write.session, answer.message(request, epoch, ObjectVersion.NONE, pipeline.committed()));
    }

    /** Refuses a copy of a request without a decision about the request itself. */
    private void turnAway(long session, RequestId request, ObjectError error, String message, PgEffects out) {
        out.reply(session, new OsdMessage.Refusal(request, epoch, error, message));
    }

    private static LogEntry.Answer.Refusal refusal(ObjectError error, RuntimeException failure) {
        String message = String.valueOf(failure.getMessage());
        return new LogEntry.Answer.Refusal(error, message.substring(0, Math.min(message.length(), MAX_MESSAGE_LENGTH)));
    }

    /**
     * The store refused the transaction of a number and, because they were computed on top of it, all after it. The
     * first one's client is told why, when that is recorded; the others are evaluated again.
     */
    void onRefused(long number, ObjectError error, PgEffects out) {
        if (!pipeline.isAlone()) {
            throw new IllegalStateException(id + ": " + error + " for a transaction that others have");
        }
        List<Pipeline.Transaction> refused = pipeline.takeBack(number);
        out.resume(id);
        boolean isFirst = true;
        for (Pipeline.Transaction transaction : refused) {
            for (Pipeline.Waiter waiter : transaction.waiters()) {
                if (waiter.write() == null) {
                    out.reply(waiter.session(), waiter.reply());
                } else if (!isFirst) {
                    onOperation(waiter.session(), waiter.write().operation, out);
                } else if (transaction.hasChanges()) {
                    record(waiter.write(), new LogEntry.Answer.Refusal(error, "refused by the store"), out);
                } else {
                    RequestId request = waiter.write().operation.request();
                    turnAway(waiter.session(), request, ObjectError.OUTCOME_UNKNOWN, "the log takes no entry", out);
                }
                isFirst = false;
            }
        }
    }

    /** A page of the entries of this placement group, pending work or others. */
    void onScanWork(long session, OsdMessage.ScanWork scan, int pgNum, PgEffects out) {
        if (reads.isFull()) {
            turnAway(session, scan.request(), ObjectError.BUSY, "too many reads wait for the disk", out);
            return;
        } else if (!lease.holds(out)) {
            if (!lease.await(then -> onScanWork(session, scan, pgNum, then))) {
                turnAway(session, scan.request(), ObjectError.BUSY, "too many reads wait for a lease", out);
            }
            return;
        }
        KeyLayout.KeyRange all = KeyLayout.entriesOf(scan.pg(), pgNum);
        Bytes begin = scan.after().compareTo(all.begin()) > 0 ? scan.after() : all.begin();
        Bytes absent = recovery.firstAbsent(new KeyLayout.KeyRange(begin, all.end()));
        if (absent != null && absent.equals(begin)) {
            recovery.whenHere(absent, then -> onScanWork(session, scan, pgNum, then), out);
            return;
        }
        Bytes end = absent == null ? all.end() : absent;
        Bytes next = absent == null ? Bytes.EMPTY : absent;
        Reads.Pending read = reads.work(session, scan, new KeyLayout.KeyRange(begin, end), next);
        out.read(id, reads.await(read), read::readFromDisk);
    }
}
