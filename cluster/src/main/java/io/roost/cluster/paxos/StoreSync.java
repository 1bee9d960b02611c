package io.roost.cluster.paxos;

import io.roost.cluster.machine.TimerId;
import io.roost.cluster.message.PaxosMessage;
import io.roost.cluster.message.SyncMessage;
import io.roost.cluster.object.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * Brings the store of a monitor up to date from another's: by the log where that reaches back far enough, else whole. A
 * store that is being copied is marked, and its monitor does not vote; when that ends early it begins again. What only
 * concerns this monitor stays: the election's epoch and the proposal number that it follows.
 *
 * <p>Rows are copied while they change, so the copy is of no one version; all of the log from the first page's version
 * on, done over it, makes it one, because transactions only put and remove.
 */
final class StoreSync {
    /** The timer. */
    static final TimerId TIMER = new TimerId("sync");

    static final String PREFIX = "sync";
    static final MonKey IN_PROGRESS = MonKey.of(PREFIX, "in_progress");

    /** What stays of the store that is replaced: promises made to others. */
    private static final List<MonKey> KEPT = List.of(IN_PROGRESS, Election.EPOCH, PaxosLog.ACCEPTED_PN);
    /** Prefixes of what is every monitor's own. */
    private static final List<String> LOCAL = List.of(PREFIX, Election.PREFIX, PaxosLog.PREFIX);

    private final MonStore store;
    private final PaxosLog log;
    private final QuorumTiming timing;
    private final int pageBytes;
    private boolean isWhole;
    private boolean isLost;
    /** Whom the copy comes from, null when none is being made. */
    private String source;
    /** Where the next page begins; null once all pages are there. */
    private Bytes after;

    private long firstVersion;
    private long untilVersion;

    StoreSync(MonStore store, PaxosLog log, QuorumTiming timing, LogLimits limits) {
        this.store = store;
        this.log = log;
        this.timing = timing;
        pageBytes = limits.messageBytes();
        boolean isInProgress = store.number(IN_PROGRESS) != 0;
        isWhole = log.lastCommitted() > 0 && !isInProgress;
        isLost = !isWhole && !isInProgress;
    }

    /**
     * True when there is no store, or has been one: what was accepted in it, if there was one, is not known. Not once a
     * copy has begun: all that is still to be decided is then decided without this monitor.
     */
    boolean isLost() {
        return isLost;
    }

    /** True when the store holds a state that was decided, and not a part of one. */
    boolean isWhole() {
        return isWhole;
    }

    boolean isRunning() {
        return source != null;
    }

    /** Begins to copy the whole store of another monitor. */
    void start(String from, PeerEffects out) {
        out.count("sync: the whole store is copied");
        isWhole = false;
        isLost = false;
        source = from;
        after = Bytes.EMPTY;
        firstVersion = 0;
        out.persist(new MonTransaction().put(IN_PROGRESS, 1));
        clear(out);
        getRows(out);
    }

    private void clear(PeerEffects out) {
        Optional<MonKey> from = Optional.empty();
        while (true) {
            MonTransaction rows = store.rows(from, pageBytes);
            if (rows.isEmpty()) {
                return;
            }
            MonTransaction removal = new MonTransaction();
            for (MonTransaction.Change row : rows.changes()) {
                from = Optional.of(row.key());
                if (!KEPT.contains(row.key())) {
                    removal.remove(row.key());
                }
            }
            if (!removal.isEmpty()) {
                out.persist(removal);
            }
        }
    }

    /** Gives up what is being copied; it must begin again. */
    void stop(PeerEffects out) {
        source = null;
        out.cancelTimer(TIMER);
    }

    private void getRows(PeerEffects out) {
        out.setTimer(TIMER, timing.silenceMillis());
        out.send(source, new SyncMessage.GetRows(after));
    }

    private void getVersions(PeerEffects out) {
        out.setTimer(TIMER, timing.silenceMillis());
        out.send(source, new SyncMessage.GetVersions(log.lastCommitted() + 1));
    }

    /** Fetches versions of the log that a complete store lacks; one message's worth. */
    void catchUp(String from, PeerEffects out) {
        out.send(from, new SyncMessage.GetVersions(log.lastCommitted() + 1));
    }

    /** An answer. */
    void onMessage(String from, SyncMessage message, PeerEffects out) {
        if (message instanceof SyncMessage.Rows rows) {
            if (from.equals(source) && after != null && rows.after().equals(after)) {
                onRows(rows, out);
            }
        } else if (message instanceof SyncMessage.CommittedVersions versions) {
            if (isWhole) {
                onCaughtUp(from, versions, out);
            } else if (from.equals(source) && after == null) {
                onVersions(versions, out);
            }
        }
    }

    private void onRows(SyncMessage.Rows rows, PeerEffects out) {
        if (firstVersion == 0) {
            firstVersion = rows.lastCommitted();
        }
        MonTransaction copied = MonTransaction.decode(rows.rows());
        if (!copied.isEmpty()) {
            out.persist(copied);
        }
        if (!rows.next().isEmpty()) {
            after = rows.next();
            getRows(out);
            return;
        }
        after = null;
        untilVersion = rows.lastCommitted();
        log.beginAt(firstVersion, out);
        getVersions(out);
    }

    private void onVersions(SyncMessage.CommittedVersions versions, PeerEffects out) {
        if (versions.firstCommitted() > log.lastCommitted() + 1) {
            out.count("sync: the log was trimmed meanwhile");
            stop(out);
            return;
        }
        apply(versions.committed(), out);
        if (log.lastCommitted() < untilVersion) {
            getVersions(out);
            return;
        }
        out.count("sync: done");
        out.persist(new MonTransaction().remove(IN_PROGRESS));
        isWhole = true;
        stop(out);
    }

    private void onCaughtUp(String from, SyncMessage.CommittedVersions versions, PeerEffects out) {
        long before = log.lastCommitted();
        apply(versions.committed(), out);
        if (log.lastCommitted() > before && log.lastCommitted() < versions.lastCommitted()) {
            catchUp(from, out);
        }
    }

    private void apply(PaxosMessage.Versions versions, PeerEffects out) {
        long version = versions.first();
        for (Bytes value : versions.values()) {
            if (version == log.lastCommitted() + 1) {
                log.commit(value, out);
            }
            version++;
        }
    }

    /** The source is silent. */
    void onTimer(PeerEffects out) {
        out.count("sync: the source is silent");
        stop(out);
    }

    // ---- the source ----

    /** Answers with a page. */
    void onGetRows(String from, SyncMessage.GetRows get, PeerEffects out) {
        Optional<MonKey> cursor = get.after().isEmpty() ? Optional.empty() : Optional.of(MonKey.decode(get.after()));
        MonTransaction page = store.rows(cursor, pageBytes);
        MonTransaction rows = new MonTransaction();
        Bytes next = Bytes.EMPTY;
        for (MonTransaction.Change row : page.changes()) {
            next = row.key().encode();
            if (!LOCAL.contains(row.key().prefix())) {
                rows.put(row.key(), row.value().orElseThrow());
            }
        }
        out.send(from, new SyncMessage.Rows(get.after(), log.lastCommitted(), rows.encode(), next));
    }

    /** Answers with versions of the log. */
    void onGetVersions(String from, SyncMessage.GetVersions get, PeerEffects out) {
        out.send(
                from,
                new SyncMessage.CommittedVersions(
                        log.firstCommitted(), log.lastCommitted(), log.versionsFrom(get.first())));
    }
}
