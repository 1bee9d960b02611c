package io.roost.cluster.pg;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.PgInfo;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.message.ScrubMessage;
import io.roost.cluster.message.ScrubMessage.Sample;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.ScrubDepth;
import io.roost.cluster.object.ScrubKind;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import java.util.ArrayDeque;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Compares what all OSDs of a placement group have on their disks and makes it the same, range by range in the order of keys
 * (decision 11). In a range nothing changes while it is looked at; a write that comes meanwhile goes first and a smaller
 * range is looked at later, a few times. What differs is read in full by everybody, then by {@link ScrubVote} it is decided
 * who is right, the others get that, one entry after the other, and everybody looks again: only what is seen to be mended is.
 */
final class Scrub {
    /** Entries of a range (Ceph's osd_scrub_chunk_max). */
    private static final int MAX_ENTRIES = 25;

    /** Times that a range gives way to writes, before they wait for it (Ceph's osd_scrub_max_preemptions). */
    private static final int MAX_PREEMPTIONS = 5;

    /** Times that an entry is replaced, before it counts as beyond repair: the primary's copy first, then others'. */
    private static final int MAX_ATTEMPTS = 3;

    private final PgId id;
    private final int osd;
    private final int epoch;
    private final Members members;
    private final Pipeline pipeline;
    private final Commits commits;
    private final Repair repair;
    private final ObjectStore store;
    private final MovingRange range = new MovingRange();
    private final ReadSteps reading;
    private final TreeMap<Integer, ScrubMessage.Examined> answers = new TreeMap<>();
    private final TreeMap<Bytes, Integer> attempts = new TreeMap<>();
    private final ArrayDeque<Fix> fixes = new ArrayDeque<>();
    private final BiConsumer<ScrubResult, PgEffects> onEnd;
    private KeyLayout.KeyRange group;
    private ScrubKind kind;
    private ScrubMessage.Examine question;
    private Bytes after;
    private long number;
    private int maxEntries;
    private int preemptions;
    private int round;
    private ScrubMessage.Mend mend;
    private int mendedOsd;
    private long found;
    private long unresolved;
    private boolean isOver;
    private boolean isStopped;

    /** A copy that is to be replaced. */
    private record Fix(Bytes key, int osd, ScrubVote vote) {}

    /**
     * No scrub yet.
     *
     * @param osd this OSD, the primary
     * @param epoch of the interval
     * @param onEnd takes what scrubs come to
     */
    Scrub(
            PgId id,
            int osd,
            int epoch,
            Members members,
            Pipeline pipeline,
            Commits commits,
            Reads reads,
            Repair repair,
            ObjectStore store,
            BiConsumer<ScrubResult, PgEffects> onEnd) {
        this.onEnd = onEnd;
        this.id = id;
        this.osd = osd;
        this.epoch = epoch;
        this.members = members;
        this.pipeline = pipeline;
        this.commits = commits;
        this.reading = new ReadSteps(id, reads);
        this.repair = repair;
        this.store = store;
    }

    /** The interval has ended, and with it what is under way. */
    void end() {
        isOver = true;
        kind = null;
        reading.forgetAll();
        range.end();
    }

    /** What is under way, null for nothing. */
    ScrubKind underWay() {
        return kind;
    }

    /** True while copies are being replaced. */
    boolean isMending() {
        return kind != null && round > 0;
    }

    /**
     * Begins; nothing is under way, and nobody misses anything.
     *
     * @param keys of the placement group
     */
    void begin(ScrubKind begun, KeyLayout.KeyRange keys, PgEffects out) {
        kind = begun;
        group = keys;
        after = Bytes.EMPTY;
        found = 0;
        unresolved = 0;
        isStopped = false;
        out.count("pg: a scrub begins");
        nextRange(out);
    }

    /** What is under way ends with the range that it has come to, and without a result. */
    void stop() {
        isStopped = true;
    }

    /** A read has ended; false when it was not one of these. */
    boolean onRead(long token, RuntimeException failure, PgEffects out) {
        return reading.onRead(token, failure, out);
    }

    // ---- looking ----

    private void nextRange(PgEffects out) {
        maxEntries = MAX_ENTRIES;
        preemptions = 0;
        choose(out);
    }

    private void choose(PgEffects out) {
        question = null;
        round = 0;
        long chosen = ++number;
        RangeScan scan = new RangeScan(store, group, after, PgInfo.COMPLETE, maxEntries, ScrubScan.MAX_BYTES);
        reading.read(
                scan,
                (failure, then) -> {
                    if (number == chosen) {
                        // Where own rows cannot be read, what others have says how far it goes.
                        boolean isCut = failure == null && scan.isCut();
                        range.close(after, isCut ? scan.last() : PgInfo.COMPLETE);
                        pipeline.whenCommitted(
                                quiet -> {
                                    if (number == chosen) {
                                        ask(kind.depth(), quiet);
                                    }
                                },
                                then);
                    }
                },
                out);
    }

    /** Nothing in the range changes any more. */
    private void ask(ScrubDepth depth, PgEffects out) {
        long asked = ++number;
        answers.clear();
        question = new ScrubMessage.Examine(id, epoch, asked, depth, after, range.through());
        for (Members.Member member : members.all()) {
            out.send(member.osd(), question);
        }
        ScrubScan scan = new ScrubScan(store, group, question);
        reading.read(
                scan,
                (failure, then) -> {
                    if (failure != null) {
                        throw failure;
                    }
                    scan.damages().forEach(damage -> then.damaged(id, damage));
                    onExamined(osd, scan.answer(id, epoch), then);
                },
                out);
    }

    void onMessage(int from, ScrubMessage message, PgEffects out) {
        if (message instanceof ScrubMessage.Examined examined && members.of(from) != null) {
            onExamined(from, examined, out);
        } else if (message instanceof ScrubMessage.Mended mended
                && mend != null
                && from == mendedOsd
                && mended.number() == mend.number()
                && mended.key().equals(mend.key())) {
            mend = null;
            fix(out);
        }
    }

    private boolean isAsking() {
        return question != null && question.number() == number && answers.size() <= members.count();
    }

    private void onExamined(int from, ScrubMessage.Examined examined, PgEffects out) {
        if (examined.number() != number || !isAsking() || answers.putIfAbsent(from, examined) != null) {
            return;
        }
        range.narrow(examined.through());
        if (!isAsking()) {
            compare(out);
        }
    }

    private void compare(PgEffects out) {
        TreeMap<Bytes, ScrubVote> differing = new TreeMap<>();
        copies().forEach((key, copies) -> {
            ScrubVote vote =
                    ScrubVote.of(copies, kind == ScrubKind.REPAIR ? ScrubVote.Ties.NEWEST : ScrubVote.Ties.STAY);
            if (!vote.isUnanimous()) {
                differing.put(key, vote);
            }
        });
        if (differing.isEmpty()) {
            leaveRange(0, out);
        } else if (question.depth() == ScrubDepth.SHALLOW) {
            out.count("pg: what differs is read in full");
            ask(ScrubDepth.DEEP, out);
        } else {
            decide(differing, out);
        }
    }

    /** By key what everybody has, up to where all have looked. */
    private SortedMap<Bytes, SortedMap<Integer, ScrubVote.Copy>> copies() {
        TreeMap<Bytes, SortedMap<Integer, ScrubVote.Copy>> copies = new TreeMap<>();
        answers.values()
                .forEach(answer -> answer.samples().stream()
                        .filter(sample -> sample.key().compareTo(range.through()) <= 0)
                        .forEach(sample -> copies.put(sample.key(), new TreeMap<>())));
        answers.forEach((from, answer) -> {
            TreeMap<Bytes, Sample> samples = new TreeMap<>();
            answer.samples().forEach(sample -> samples.put(sample.key(), sample));
            Bytes known = answer.isCutShort() ? (samples.isEmpty() ? after : samples.lastKey()) : range.through();
            copies.forEach((key, all) -> all.put(from, copy(samples.get(key), key.compareTo(known) <= 0)));
        });
        return copies;
    }

    private static ScrubVote.Copy copy(Sample sample, boolean isKnown) {
        if (sample == null) {
            return isKnown ? ScrubVote.Copy.ABSENT : ScrubVote.Copy.UNREADABLE;
        }
        return sample.isWhole() ? ScrubVote.Copy.whole(sample.version(), sample.digest()) : ScrubVote.Copy.DAMAGED;
    }

    /** Goes on behind the range; what waits for it is done. */
    private void leaveRange(long beyondRepair, PgEffects out) {
        found += attempts.size();
        attempts.clear();
        unresolved += beyondRepair;
        question = null;
        number++;
        round = 0;
        after = range.through();
        range.open(out);
        if (kind == null) {
            return;
        } else if (isStopped && !after.equals(PgInfo.COMPLETE)) {
            kind = null;
            out.count("pg: a scrub is stopped");
        } else if (after.equals(PgInfo.COMPLETE)) {
            ScrubResult result = new ScrubResult(kind, found, unresolved);
            kind = null;
            onEnd.accept(result, out);
            out.scrubbed(id, result);
        } else {
            nextRange(out);
        }
    }

    // ---- mending ----

    private void decide(SortedMap<Bytes, ScrubVote> differing, PgEffects out) {
        fixes.clear();
        differing.forEach((key, vote) -> {
            if (attempts.merge(key, 1, Integer::sum) <= MAX_ATTEMPTS) {
                plan(key, vote);
            }
        });
        if (fixes.isEmpty()) {
            out.count("pg: copies differ and cannot be repaired");
            leaveRange(differing.size(), out);
        } else {
            round++;
            fix(out);
        }
    }

    /** The primary's copy is replaced first: it is what the others get then. */
    private void plan(Bytes key, ScrubVote vote) {
        SortedSet<Integer> replaced = new TreeSet<>();
        if (vote.right() != null && !vote.holders().contains(osd)) {
            replaced.add(osd);
        } else if (vote.right() != null) {
            replaced.addAll(vote.others());
        }
        for (int other : replaced) {
            if (!answerIsCutShortBefore(other, key)) {
                fixes.addLast(new Fix(key, other, vote));
            }
        }
    }

    /** What the disk does not give back at all cannot be replaced either. */
    private boolean answerIsCutShortBefore(int from, Bytes key) {
        ScrubMessage.Examined answer = answers.get(from);
        List<Sample> samples = answer.samples();
        return answer.isCutShort()
                && (samples.isEmpty() || samples.get(samples.size() - 1).key().compareTo(key) < 0);
    }

    /** Goes on with the next copy that is to be replaced, or looks again. */
    private void fix(PgEffects out) {
        Fix next = fixes.pollFirst();
        if (next == null) {
            ask(ScrubDepth.DEEP, out);
            return;
        }
        long fixing = number;
        Commits.Step goOn = then -> {
            if (!isOver && number == fixing) {
                fix(then);
            }
        };
        ScrubVote.Copy right = next.vote().right();
        boolean isAbsent = right.condition() == ScrubVote.Condition.ABSENT;
        if (next.osd() != osd && isAbsent) {
            send(next, ObjectVersion.NONE, null, out);
        } else if (next.osd() != osd) {
            readAndSend(next, out);
        } else if (isAbsent) {
            commits.submit(WholeEntry.transaction(id, next.key(), ObjectVersion.NONE, null, List.of()), out);
            commits.whenDurable(goOn, out);
        } else {
            repair.replace(next.key(), right.version(), next.vote().holders(), goOn, goOn, out);
        }
    }

    private void readAndSend(Fix next, PgEffects out) {
        EntryRead entry = new EntryRead(store, next.key());
        reading.read(
                entry,
                (failure, then) -> {
                    if (failure != null
                            || !entry.version().equals(next.vote().right().version())) {
                        then.count("pg: what was whole a moment ago cannot be read");
                        fix(then);
                    } else {
                        send(next, entry.version(), entry.content(), then);
                    }
                },
                out);
    }

    private void send(Fix next, ObjectVersion version, ReplicationMessage.Content content, PgEffects out) {
        out.count("pg: a copy is replaced by scrub");
        mend = new ScrubMessage.Mend(id, epoch, number, next.key(), version, content);
        mendedOsd = next.osd();
        out.send(mendedOsd, mend);
    }

    // ---- what happens meanwhile ----

    /** True when an entry must not be changed now: the scrub has given way often enough, or is replacing copies. */
    boolean holds(Bytes key, PgEffects out) {
        if (!range.holds(key)) {
            return false;
        } else if (round > 0 || preemptions >= MAX_PREEMPTIONS) {
            return true;
        }
        out.count("pg: a scrub gives way to a write");
        preemptions++;
        maxEntries = Math.max(1, maxEntries / 2);
        range.open(out);
        choose(out);
        return false;
    }

    /** What is looked at now. */
    MovingRange range() {
        return range;
    }

    /** A connection broke; what was asked or sent may be lost. */
    void onPeerReset(int peer, PgEffects out) {
        if (mend != null && mendedOsd == peer) {
            out.send(peer, mend);
        } else if (kind != null && isAsking() && members.of(peer) != null && !answers.containsKey(peer)) {
            out.send(peer, question);
        }
    }
}
