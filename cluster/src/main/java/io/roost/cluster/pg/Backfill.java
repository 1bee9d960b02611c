package io.roost.cluster.pg;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.PgInfo;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Fills members that the log does not reach back to: entry by entry in the order of keys, some at a time. Up to where a
 * member is filled it takes changes as all others do; above, only the log. The range between, which is being filled, is
 * compared and made equal while nothing in it changes: writes that would change it wait, and those under way are waited
 * for.
 */
final class Backfill {
    /** Entries of a range: what writes have to wait for (Ceph's osd_backfill_scan_min). */
    private static final int MAX_ENTRIES = 64;

    /** Bytes of a range, above which it has no further entry: 64 bodies of 4 MiB would hold writes up for seconds. */
    private static final long MAX_BYTES = 4 << 20;

    /** What could not be read is tried again then: somebody may have replaced it (Ceph's osd_backfill_retry_interval is 30 s). */
    private static final long RETRY_MILLIS = 10_000;

    private final PgId id;
    private final int epoch;
    private final Members members;
    private final Pipeline pipeline;
    private final Repair repair;
    private final ObjectStore store;
    private final KeyLayout.KeyRange group;
    private final ReadSteps reading;
    private final TreeSet<Bytes> unpushed = new TreeSet<>();
    /** Entries on their way and their sizes. */
    private final TreeMap<Bytes, Long> pushed = new TreeMap<>();

    private final MovingRange range = new MovingRange();
    private Members.Member target;
    private int filledOsd = -1;
    private long filledEntries;
    private NavigableMap<Bytes, ObjectVersion> mine;
    private TreeMap<Bytes, ObjectVersion> theirs;
    private long pushedBytes;
    private boolean isRecording;
    private boolean isStuck;
    private long stuckUntilMillis;
    private boolean isOver;

    /** @param group the keys of the placement group */
    Backfill(
            PgId id,
            int epoch,
            Members members,
            Pipeline pipeline,
            Reads reads,
            Repair repair,
            ObjectStore store,
            KeyLayout.KeyRange group) {
        this.id = id;
        this.epoch = epoch;
        this.members = members;
        this.pipeline = pipeline;
        this.reading = new ReadSteps(id, reads);
        this.repair = repair;
        this.store = store;
        this.group = group;
    }

    /** The interval has ended. */
    void end() {
        isOver = true;
        reading.forgetAll();
        range.end();
    }

    /** True when every member is filled. */
    boolean isDone() {
        return target == null && next() == null;
    }

    /**
     * Replicas of entries that are not where they will be, as far as they can be counted.
     *
     * @param entries of the placement group
     */
    long unfilled(long entries) {
        long count = 0;
        for (Members.Member member : members.all()) {
            if (!member.lastBackfill().equals(PgInfo.COMPLETE)) {
                count += member.osd() == filledOsd ? Math.max(0, entries - filledEntries) : entries;
            }
        }
        return count;
    }

    private Members.Member next() {
        for (Members.Member member : members.all()) {
            if (!member.lastBackfill().equals(PgInfo.COMPLETE)) {
                return member;
            }
        }
        return null;
    }

    /** Fills the next range, unless one is being filled. To be called when nobody misses anything that the log tells of. */
    void more(PgEffects out) {
        if (target != null || isOver || rests(out.nowMillis())) {
            return;
        }
        target = next();
        if (target != null) {
            RangeScan scan =
                    new RangeScan(store, group, target.lastBackfill(), PgInfo.COMPLETE, MAX_ENTRIES, MAX_BYTES);
            reading.read(scan, (failure, then) -> begin(scan, failure, then), out);
        }
    }

    /** A read has ended; false when it was not one of these. */
    boolean onRead(long token, RuntimeException failure, PgEffects out) {
        return reading.onRead(token, failure, out);
    }

    private void begin(RangeScan scan, RuntimeException failure, PgEffects out) {
        if (failure != null) {
            stop(failure, out);
            return;
        }
        range.close(target.lastBackfill(), scan.isCut() ? scan.last() : PgInfo.COMPLETE);
        pipeline.whenCommitted(this::compare, out);
    }

    /** Nothing in the range changes any more. */
    private void compare(PgEffects out) {
        out.count("pg: a range is filled");
        mine = null;
        theirs = null;
        RangeScan scan = new RangeScan(store, group, range.after(), range.through(), Integer.MAX_VALUE, Long.MAX_VALUE);
        reading.read(
                scan,
                (failure, then) -> {
                    if (failure == null) {
                        mine = scan.versions();
                        push(then);
                    } else {
                        stop(failure, then);
                    }
                },
                out);
        askWhatIsThere(out);
    }

    private void askWhatIsThere(PgEffects out) {
        out.send(target.osd(), new ReplicationMessage.Scan(id, epoch, range.after(), range.through()));
    }

    /** What the member has in the range. */
    void onScanned(int from, ReplicationMessage.Scanned scanned, PgEffects out) {
        if (!range.isClosed()
                || theirs != null
                || target.osd() != from
                || !scanned.after().equals(range.after())
                || scanned.through().compareTo(range.through()) > 0) {
            return;
        }
        theirs = new TreeMap<>();
        scanned.entries().forEach(entry -> theirs.put(entry.key(), entry.version()));
        range.narrow(scanned.through());
        push(out);
    }

    private void push(PgEffects out) {
        if (mine == null || theirs == null) {
            return;
        }
        mine.headMap(range.through(), true).forEach((key, version) -> {
            boolean isDamaged = version.equals(ObjectVersion.NONE);
            if (isDamaged || !version.equals(theirs.get(key))) {
                unpushed.add(key);
            }
        });
        theirs.forEach((key, version) -> {
            if (!mine.containsKey(key)) {
                unpushed.add(key);
            }
        });
        pushMore(out);
    }

    private void pushMore(PgEffects out) {
        while (!unpushed.isEmpty() && SendWindow.hasRoom(pushed.size(), pushedBytes)) {
            Bytes key = unpushed.pollFirst();
            setSize(key, SendWindow.UNKNOWN_BYTES);
            push(key, out);
        }
        if (pushed.isEmpty() && !isRecording) {
            isRecording = true;
            out.send(target.osd(), new ReplicationMessage.Filled(id, epoch, range.through()));
        }
    }

    private void setSize(Bytes key, long bytes) {
        Long before = pushed.put(key, bytes);
        pushedBytes += bytes - (before == null ? 0 : before);
    }

    private void push(Bytes key, PgEffects out) {
        EntryRead read = new EntryRead(store, key);
        Members.Member to = target;
        reading.read(
                read,
                (failure, then) -> {
                    if (to != target || !pushed.containsKey(key)) {
                        // It was read twice, for the connection broke, and the member has it by now.
                        return;
                    }
                    if (failure == null) {
                        then.send(
                                to.osd(), new ReplicationMessage.Push(id, epoch, key, read.version(), read.content()));
                        setSize(key, SendWindow.bytes(read.content()));
                        pushMore(then);
                    } else if (!repair.onDamage(
                            failure, mended -> pushAgain(key, mended), hopeless -> stop(failure, hopeless), then)) {
                        stop(failure, then);
                    }
                },
                out);
    }

    private void pushAgain(Bytes key, PgEffects out) {
        if (range.isClosed() && pushed.containsKey(key)) {
            push(key, out);
        }
    }

    /** True when something is damaged that has to be read, and nobody has it whole. */
    boolean isStuck() {
        return isStuck;
    }

    /** True when what it is stuck at is not to be tried again yet. */
    boolean rests(long nowMillis) {
        return isStuck && nowMillis < stuckUntilMillis;
    }

    /** The member cannot read what it has in the range; false when it was not asked that. */
    boolean onUnreadable(int from, ReplicationMessage.Unreadable unreadable, PgEffects out) {
        if (!range.isClosed()
                || theirs != null
                || target.osd() != from
                || !unreadable.key().equals(range.after())
                || !unreadable.version().equals(ObjectVersion.NONE)) {
            return false;
        }
        stop(null, out);
        return true;
    }

    /** Lets writes go on: the range cannot be filled now. */
    private void stop(RuntimeException failure, PgEffects out) {
        out.count("pg: a range cannot be read to be filled");
        if (failure instanceof ChecksumException damage) {
            out.damaged(id, damage);
        }
        isStuck = true;
        stuckUntilMillis = out.nowMillis() + RETRY_MILLIS;
        reading.forgetAll();
        unpushed.clear();
        pushed.clear();
        pushedBytes = 0;
        release(out);
    }

    private void release(PgEffects out) {
        target = null;
        isRecording = false;
        range.open(out);
    }

    /** A member has an entry as it was pushed; false when it was not one of these. */
    boolean onPushed(int from, ReplicationMessage.Pushed message, PgEffects out) {
        Long bytes = range.isClosed() && target.osd() == from ? pushed.remove(message.key()) : null;
        if (bytes == null) {
            return false;
        }
        pushedBytes -= bytes;
        pushMore(out);
        return true;
    }

    /** How far a member is filled is on its disk. */
    void onRecorded(int from, ReplicationMessage.FilledRecorded message, PgEffects out) {
        if (!isRecording || target.osd() != from || !message.through().equals(range.through())) {
            return;
        }
        target.filled(range.through());
        filledEntries = (filledOsd == from ? filledEntries : 0)
                + mine.headMap(range.through(), true).size();
        filledOsd = from;
        isStuck = false;
        release(out);
    }

    /** What is being filled now. */
    MovingRange range() {
        return range;
    }

    /** A connection broke; what was asked or sent may be lost. */
    void onPeerReset(int osd, PgEffects out) {
        if (!range.isClosed() || target.osd() != osd) {
            return;
        }
        if (isRecording) {
            out.send(osd, new ReplicationMessage.Filled(id, epoch, range.through()));
        } else if (theirs == null) {
            askWhatIsThere(out);
        } else {
            List.copyOf(pushed.keySet()).forEach(key -> push(key, out));
        }
    }
}
