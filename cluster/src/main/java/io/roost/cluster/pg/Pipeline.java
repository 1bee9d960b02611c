package io.roost.cluster.pg;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.pg.log.LogEntry;
import io.roost.cluster.pg.log.LogRows;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.pg.peering.LocalCopy;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The log of a placement group at its primary and its newest part, the transactions in flight: from the moment one has a
 * version until this OSD and all members have it on disk, in the order of their versions, with the replies that wait for
 * each. A transaction that changes nothing, whose log entry is an answer alone, is one like the others. Of one interval.
 */
final class Pipeline {
    /** Transactions in flight; more are refused. 16 connections need a few, a bulk delete a hundred. */
    private static final int MAX_IN_FLIGHT = 4096;

    private final PgId id;
    private final LocalCopy copy;
    private final PgLog log;
    private final PgLog.Limits limits;
    private final Commits commits;
    private final Members members;
    private final int activationEpoch;
    private final Overlay overlay = new Overlay();
    private final TreeMap<ObjectVersion, Transaction> inFlight = new TreeMap<>();
    private ObjectVersion persisted;
    private ObjectVersion committed;
    private boolean isOver;
    /** Trimmed by transactions that were taken back: the next one removes their rows. */
    private List<ObjectVersion> stillOnDisk = List.of();

    /**
     * A reply that waits for a transaction.
     *
     * @param session it goes to
     * @param reply sent when the transaction is committed
     * @param write what is evaluated again when the transaction is refused; null when the reply holds all the same
     */
    record Waiter(long session, OsdMessage.ToClient reply, Write write) {}

    /** A transaction that this OSD or a member does not have on disk yet. */
    static final class Transaction {
        private final LogEntry entry;
        private final Locator locator;
        private final List<Mutation> mutations;
        private final List<Entry> prior;
        private final List<ObjectVersion> trimmed;
        private final List<Waiter> waiters = new ArrayList<>(1);
        private final List<Commits.Step> steps = new ArrayList<>(0);
        /** Its number among the commits. */
        private long number;
        /** As it was sent to members, null when there are none. */
        private ReplicationMessage.Replicate replicate;

        private Transaction(
                LogEntry entry,
                Locator locator,
                List<Mutation> mutations,
                List<Entry> prior,
                List<ObjectVersion> trimmed) {
            this.entry = entry;
            this.locator = locator;
            this.mutations = mutations;
            this.prior = prior;
            this.trimmed = trimmed;
        }

        /** True when it changes entries. */
        boolean hasChanges() {
            return !mutations.isEmpty();
        }

        /** The replies that wait for it, first that of the write that made it. */
        List<Waiter> waiters() {
            return waiters;
        }

        private void answer(Write write, int epoch) {
            OsdMessage.ToClient reply =
                    entry.answer().message(write.operation.request(), epoch, entry.changedVersion(), entry.version());
            waiters.add(new Waiter(write.session, reply, write));
        }
    }

    Pipeline(PgId id, LocalCopy copy, PgLog.Limits limits, Commits commits, Members members, int activationEpoch) {
        this.activationEpoch = activationEpoch;
        this.id = id;
        this.copy = copy;
        this.log = copy.log();
        this.limits = limits;
        this.commits = commits;
        this.members = members;
        this.persisted = log.head();
        this.committed = log.head();
    }

    /** The newest version that this OSD and all members have on disk. */
    ObjectVersion committed() {
        return committed;
    }

    /** The newest version there is. */
    ObjectVersion head() {
        return log.head();
    }

    /** Every version after this one is kept. */
    ObjectVersion tail() {
        return log.tail();
    }

    /** The version of a request's entry, or null when the log has none. */
    ObjectVersion find(RequestId request) {
        return log.find(request);
    }

    int inFlightCount() {
        return inFlight.size();
    }

    boolean isFull() {
        return inFlight.size() >= MAX_IN_FLIGHT;
    }

    /** What is in flight for a locator, null for nothing. */
    NavigableMap<Bytes, Overlay.Pending> pending(Locator locator) {
        return overlay.of(locator);
    }

    /** The newest transaction in flight, {@link ObjectVersion#NONE} for none. */
    ObjectVersion newestInFlight() {
        return inFlight.isEmpty() ? ObjectVersion.NONE : inFlight.lastKey();
    }

    /**
     * Gives a write its version and log entry, and has both made durable with what it changes; the answer goes when they
     * are.
     *
     * @param mutations none when the write changes nothing
     * @param prior the entries before, one for each mutation, null where there was none
     */
    void append(
            Write write,
            int epoch,
            LogEntry.Answer answer,
            List<Mutation> mutations,
            List<Entry> prior,
            PgEffects out) {
        OsdMessage.Operation operation = write.operation;
        Locator locator = operation.locator();
        ObjectVersion version = new ObjectVersion(epoch, log.head().version() + 1);
        List<LogEntry.Change> changes = new ArrayList<>(mutations.size());
        for (int i = 0; i < mutations.size(); i++) {
            changes.add(change(mutations.get(i), prior.get(i)));
        }
        LogEntry entry = new LogEntry(version, operation.request(), locator.key(), answer, changes);
        Bytes row = entry.encode();
        log.append(version, operation.request(), row.length());
        List<ObjectVersion> trimmed = new ArrayList<>(stillOnDisk);
        trimmed.addAll(log.trim(limits, inFlight.isEmpty() ? version : inFlight.firstKey()));
        stillOnDisk = List.of();
        if (!trimmed.isEmpty()) {
            copy.trimmed();
        }
        overlay.add(locator, version, mutations, prior);
        Transaction transaction = new Transaction(entry, locator, mutations, prior, trimmed);
        transaction.answer(write, epoch);
        inFlight.put(version, transaction);
        transaction.number =
                commits.submit(LogRows.transaction(id, locator, version, mutations, row, trimmed, copy.rows()), out);
        if (!members.areNone()) {
            transaction.replicate =
                    new ReplicationMessage.Replicate(id, activationEpoch, version, locator, mutations, row, log.tail());
            members.replicate(transaction.replicate, out);
        }
        commits.whenDurable(then -> onPersisted(version, then), out);
    }

    private static LogEntry.Change change(Mutation mutation, Entry prior) {
        ObjectVersion priorVersion = prior == null ? ObjectVersion.NONE : prior.version();
        LogEntry.Kind kind = mutation instanceof Mutation.Put
                ? LogEntry.Kind.PUT
                : mutation instanceof Mutation.SetAttributes ? LogEntry.Kind.SET_ATTRIBUTES : LogEntry.Kind.DELETE;
        return new LogEntry.Change(kind, priorVersion, mutation.name());
    }

    /** Answers another copy of a write when its transaction is committed; false when it is not in flight. */
    boolean answerAgain(ObjectVersion version, Write copy, int epoch) {
        Transaction transaction = inFlight.get(version);
        if (transaction != null) {
            transaction.answer(copy, epoch);
        }
        return transaction != null;
    }

    /** Sends a reply when a transaction is committed, at once when that is not in flight. */
    void await(ObjectVersion version, Waiter waiter, PgEffects out) {
        Transaction transaction = version.equals(ObjectVersion.NONE) ? null : inFlight.get(version);
        if (transaction == null) {
            out.reply(waiter.session(), waiter.reply());
        } else {
            transaction.waiters.add(waiter);
        }
    }

    private void onPersisted(ObjectVersion version, PgEffects out) {
        if (!isOver) {
            persisted = version;
            answerCommitted(out);
        }
    }

    /** A member has a transaction, and all before it, on disk. */
    void onReplicated(int osd, ObjectVersion version, PgEffects out) {
        if (version.compareTo(log.head()) <= 0) {
            members.onReplicated(osd, version);
            answerCommitted(out);
        }
    }

    private void answerCommitted(PgEffects out) {
        ObjectVersion everywhere = members.everywhere(persisted);
        while (!inFlight.isEmpty() && inFlight.firstKey().compareTo(everywhere) <= 0) {
            Transaction oldest = inFlight.pollFirstEntry().getValue();
            committed = oldest.entry.version();
            overlay.remove(oldest.locator, committed, oldest.mutations);
            for (Waiter waiter : oldest.waiters) {
                out.reply(waiter.session(), waiter.reply());
            }
            oldest.steps.forEach(step -> step.run(out));
        }
    }

    /** The connection to an OSD broke; what it has not acknowledged may be lost. */
    void onPeerReset(int osd, PgEffects out) {
        ObjectVersion known = members.onDisk(osd);
        if (known != null) {
            inFlight.tailMap(known, false).values().forEach(transaction -> out.send(osd, transaction.replicate));
        }
    }

    /** The interval has ended: what becomes of the transactions in flight is for the next one to find out. */
    void end() {
        isOver = true;
        inFlight.clear();
        overlay.clear();
    }

    /** True when a transaction may be taken back: nobody else has it. */
    boolean isAlone() {
        return members.areNone();
    }

    /** Does something when all that is in flight now is committed; nothing when the interval ends before. */
    void whenCommitted(Commits.Step step, PgEffects out) {
        if (inFlight.isEmpty()) {
            step.run(out);
        } else {
            inFlight.lastEntry().getValue().steps.add(step);
        }
    }

    /** Takes the transactions from a number on back, as if they had never been; returns them in order. */
    List<Transaction> takeBack(long number) {
        commits.takeBack(number);
        List<Transaction> taken = inFlight.values().stream()
                .filter(transaction -> transaction.number >= number)
                .toList();
        if (taken.isEmpty()) {
            return taken;
        }
        ObjectVersion from = taken.get(0).entry.version();
        inFlight.tailMap(from, true).clear();
        List<ObjectVersion> untrimmed = new ArrayList<>();
        taken.forEach(transaction -> untrimmed.addAll(transaction.trimmed));
        untrimmed.addAll(stillOnDisk);
        stillOnDisk = untrimmed;
        log.rollBack(from);
        overlay.clear();
        for (Transaction kept : inFlight.values()) {
            overlay.add(kept.locator, kept.entry.version(), kept.mutations, kept.prior);
        }
        return taken;
    }
}
