package io.roost.cluster.pg;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * Replaces entries of the primary that its disk does not give back as they were written, with what another OSD has. Such
 * an entry is not missing: the log says rightly that it is here, and a damaged copy stays what it is until a good one
 * replaces it. So nothing of this is recorded; what is forgotten is found again by the next read.
 *
 * <p>Until it has ended no client changes the entry, so that what others have is what was here. Whoever sends it has
 * verified it: what fails its own checksums is never copied.
 */
final class Repair {
    private final PgId id;
    private final int epoch;
    private final Members members;
    private final Pipeline pipeline;
    private final Commits commits;
    private final Reads reads;
    private final ObjectStore store;
    private final Supplier<SortedSet<Integer>> others;
    private final TreeMap<Bytes, Item> items = new TreeMap<>();
    private final Map<Long, Item> reading = new HashMap<>();
    private boolean isOver;

    /** What goes on when an entry is whole again, or when nobody can give it. */
    private record Waiter(Commits.Step whole, Commits.Step hopeless) {}

    /** An entry that is being repaired. */
    private static final class Item {
        private final Bytes key;
        private final List<Waiter> waiters = new ArrayList<>(1);
        private final TreeSet<Integer> asked = new TreeSet<>();
        private EntryRead read;
        private ObjectVersion need;
        /** Who alone is asked, null for everybody. */
        private SortedSet<Integer> holders;
        /** Whom it was asked of, negative for nobody. */
        private int source = -1;

        Item(Bytes key) {
            this.key = key;
        }

        /** False when the row that says it is what is damaged: a member that has the entry has the right version. */
        boolean isVersionKnown() {
            return !need.equals(ObjectVersion.NONE);
        }
    }

    /** @param others OSDs that are up and no members, and may have something */
    Repair(
            PgId id,
            int epoch,
            Members members,
            Pipeline pipeline,
            Commits commits,
            Reads reads,
            ObjectStore store,
            Supplier<SortedSet<Integer>> others) {
        this.id = id;
        this.epoch = epoch;
        this.members = members;
        this.pipeline = pipeline;
        this.commits = commits;
        this.reads = reads;
        this.store = store;
        this.others = others;
    }

    /** The interval has ended. */
    void end() {
        isOver = true;
        items.clear();
        reading.clear();
    }

    /** True when an entry must not be changed now. */
    boolean isUnderWay(Bytes key) {
        return items.containsKey(key);
    }

    /** Does something when the repair of an entry that is under way has ended, in whatever way. */
    void whenEnded(Bytes key, Commits.Step step) {
        items.get(key).waiters.add(new Waiter(step, step));
    }

    /**
     * A read has met damage.
     *
     * @param whole goes on when what was read is whole again
     * @param hopeless goes on when nobody can give it
     * @return false when nothing can be done, and neither goes on
     */
    boolean onDamage(RuntimeException failure, Commits.Step whole, Commits.Step hopeless, PgEffects out) {
        if (members.areNone()
                || !(failure instanceof ChecksumException damage)
                || damage.locator() == null
                || damage.name() == null) {
            return false;
        }
        out.damaged(id, damage);
        begin(KeyLayout.entry(damage.locator(), damage.name()), whole, hopeless, out);
        return true;
    }

    /**
     * Replaces an entry by what some members have, on whom others than the primary have agreed. Nothing in flight changes it.
     *
     * @param version that they have
     * @param holders who has it
     * @param whole goes on when it is replaced
     * @param hopeless goes on when none of them gives it
     */
    void replace(
            Bytes key,
            ObjectVersion version,
            SortedSet<Integer> holders,
            Commits.Step whole,
            Commits.Step hopeless,
            PgEffects out) {
        Item known = items.get(key);
        if (known != null) {
            known.waiters.add(new Waiter(whole, hopeless));
            return;
        }
        Item item = new Item(key);
        item.need = version;
        item.holders = holders;
        item.waiters.add(new Waiter(whole, hopeless));
        items.put(key, item);
        pull(item, out);
    }

    private void begin(Bytes key, Commits.Step whole, Commits.Step hopeless, PgEffects out) {
        Item item = items.get(key);
        if (item != null) {
            item.waiters.add(new Waiter(whole, hopeless));
            return;
        }
        Item begun = new Item(key);
        begun.waiters.add(new Waiter(whole, hopeless));
        items.put(key, begun);
        pipeline.whenCommitted(then -> look(begun, then), out);
    }

    /** Nothing changes the entry any more: what is damaged is what others have. */
    private void look(Item item, PgEffects out) {
        long token = reads.newToken();
        item.read = new EntryRead(store, item.key);
        reading.put(token, item);
        out.read(id, token, item.read);
    }

    /** A read has ended; false when it was not one of these. */
    boolean onRead(long token, RuntimeException failure, PgEffects out) {
        Item item = reading.remove(token);
        if (item == null) {
            return false;
        }
        if (failure == null) {
            out.count("pg: what was damaged has changed meanwhile");
            end(item, true, out);
        } else if (item.read.version().equals(ObjectVersion.NONE)
                && !(failure.getCause() instanceof MalformedBytesException)) {
            out.count("pg: a row cannot be read, and so not be replaced");
            end(item, false, out);
        } else {
            item.need = item.read.version();
            pull(item, out);
        }
        return true;
    }

    private void pull(Item item, PgEffects out) {
        for (Members.Member member : members.all()) {
            boolean isHolder = item.holders == null || item.holders.contains(member.osd());
            if (isHolder && member.has(item.key) && ask(item, member.osd(), out)) {
                return;
            }
        }
        if (item.isVersionKnown() && item.holders == null) {
            for (int other : others.get()) {
                if (ask(item, other, out)) {
                    return;
                }
            }
        }
        out.count("pg: what is damaged nobody has");
        end(item, false, out);
    }

    private boolean ask(Item item, int osd, PgEffects out) {
        if (!item.asked.add(osd)) {
            return false;
        }
        item.source = osd;
        askAgain(item, out);
        return true;
    }

    private void askAgain(Item item, PgEffects out) {
        out.send(item.source, new ReplicationMessage.Pull(id, epoch, item.key, item.need));
    }

    private Item askedOf(int osd, Bytes key) {
        Item item = items.get(key);
        return item != null && item.source == osd ? item : null;
    }

    /** Somebody has sent an entry; false when it was not asked for here. */
    boolean onPush(int from, ReplicationMessage.Push push, PgEffects out) {
        Item item = askedOf(from, push.key());
        if (item == null) {
            return false;
        }
        if (push.content() == null || (item.isVersionKnown() && !push.version().equals(item.need))) {
            pull(item, out);
            return true;
        }
        item.source = -1;
        commits.submit(WholeEntry.transaction(id, item.key, push.version(), push.content(), List.of()), out);
        commits.whenDurable(
                then -> {
                    if (!isOver) {
                        then.count("pg: a damaged entry is repaired");
                        end(item, true, then);
                    }
                },
                out);
        return true;
    }

    /** Somebody cannot read what was asked for; false when it was not asked for here. */
    boolean onUnreadable(int from, ReplicationMessage.Unreadable unreadable, PgEffects out) {
        Item item = askedOf(from, unreadable.key());
        if (item == null) {
            return false;
        }
        pull(item, out);
        return true;
    }

    private void end(Item item, boolean isWhole, PgEffects out) {
        items.remove(item.key);
        item.waiters.forEach(waiter -> (isWhole ? waiter.whole() : waiter.hopeless()).run(out));
    }

    /** In a newer map of the interval, some may be down that were asked. */
    void onMap(IntPredicate isUp, PgEffects out) {
        for (Item item : List.copyOf(items.values())) {
            if (item.source >= 0 && !isUp.test(item.source)) {
                pull(item, out);
            }
        }
    }

    /** A connection broke; what was asked may be lost. */
    void onPeerReset(int osd, PgEffects out) {
        for (Item item : items.values()) {
            if (item.source == osd) {
                askAgain(item, out);
            }
        }
    }
}
