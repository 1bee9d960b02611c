package io.roost.cluster.pg;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.MissingItem;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.peering.LocalCopy;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * Gives everyone what the log says they should have and they have not: first to the primary, from a member that has it or
 * else from anybody who may have it, then from the primary to the others. A few names at a time go in the order of their
 * keys; one that an operation needs goes at once. One that nobody gives is unfound: it is asked for again when somebody
 * comes who may have it.
 *
 * <p>Nothing that is recovered overwrites what is newer: while a name is missing anywhere, no client changes it
 * (decision 9). It stays among the missing of an OSD until the entry is on its disk, in one transaction with that.
 */
final class Recovery {
    private final PgId id;
    private final int epoch;
    private final LocalCopy copy;
    private final Members members;
    private final Commits commits;
    private final Reads reads;
    private final Repair repair;
    private final ObjectStore store;
    private final Supplier<SortedSet<Integer>> others;
    private final TreeMap<Bytes, Item> active = new TreeMap<>();
    private final TreeMap<Bytes, Item> unfound = new TreeMap<>();
    private final Map<Long, Item> reading = new TreeMap<>();
    private boolean isExhausted;
    private boolean isOver;

    /** A name that is being recovered. */
    private static final class Item {
        private final Bytes key;
        private final List<Commits.Step> whenHere = new ArrayList<>(0);
        private final List<Commits.Step> whenEverywhere = new ArrayList<>(0);
        private final TreeSet<Integer> unreadableAt = new TreeSet<>();
        /** Whom it was asked of, negative for nobody. */
        private int source = -1;

        /** As far as they are known. */
        private long bytes = SendWindow.UNKNOWN_BYTES;

        private boolean isBeingWritten;
        private EntryRead read;

        Item(Bytes key) {
            this.key = key;
        }
    }

    /** @param others OSDs that are up and no members, and may have something */
    Recovery(
            PgId id,
            int epoch,
            LocalCopy copy,
            Members members,
            Commits commits,
            Reads reads,
            Repair repair,
            ObjectStore store,
            Supplier<SortedSet<Integer>> others) {
        this.others = others;
        this.id = id;
        this.epoch = epoch;
        this.copy = copy;
        this.members = members;
        this.commits = commits;
        this.reads = reads;
        this.repair = repair;
        this.store = store;
    }

    /** The interval has ended. */
    void end() {
        isOver = true;
        active.clear();
        unfound.clear();
        reading.clear();
    }

    /** True when nobody misses anything that the log tells of. */
    boolean isDone() {
        return active.isEmpty() && degraded() == 0;
    }

    /** True when something can be done: not all that is missing is unfound. */
    boolean hasWork() {
        return !isExhausted && !isDone();
    }

    /** Entries that should be somewhere and are not. */
    long degraded() {
        long count = copy.missing().size();
        for (Members.Member member : members.all()) {
            count += member.missing().size();
        }
        return count;
    }

    /** Entries that nobody has who is up. */
    int unfound() {
        return unfound.size();
    }

    // ---- what can be read ----

    private boolean isHere(Bytes key) {
        Item item = active.get(key);
        return copy.missing().item(key) == null && (item == null || !item.isBeingWritten);
    }

    /** The names of a locator that cannot be read now. */
    AbsentNames absent(Locator locator) {
        if (copy.missing().isEmpty() && active.isEmpty()) {
            return AbsentNames.NONE;
        }
        Bytes prefix = KeyLayout.locator(locator);
        TreeSet<Bytes> names = new TreeSet<>();
        for (NavigableMap<Bytes, ?> keys : List.of(copy.missing().items(), active)) {
            for (Bytes key :
                    keys.subMap(prefix, true, prefix.prefixEnd(), false).keySet()) {
                if (!isHere(key)) {
                    names.add(key.slice(prefix.length(), key.length()));
                }
            }
        }
        return names.isEmpty() ? AbsentNames.NONE : new AbsentNames(names);
    }

    /** The first key of a range that cannot be read now, null for none. */
    Bytes firstAbsent(KeyLayout.KeyRange range) {
        Bytes first = copy.missing().items().ceilingKey(range.begin());
        for (Bytes key : active.tailMap(range.begin(), true).keySet()) {
            if (!isHere(key) && (first == null || key.compareTo(first) < 0)) {
                first = key;
                break;
            }
        }
        return first != null && first.compareTo(range.end()) < 0 ? first : null;
    }

    /** Does something when an entry can be read here. */
    void whenHere(Bytes key, Commits.Step step, PgEffects out) {
        out.count("pg: an operation waits for an entry");
        item(key).whenHere.add(step);
        goOn(item(key), out);
    }

    /** Does something when everyone has an entry. */
    void whenEverywhere(Bytes key, Commits.Step step, PgEffects out) {
        out.count("pg: an operation waits until all have an entry");
        item(key).whenEverywhere.add(step);
        goOn(item(key), out);
    }

    // ---- recovering ----

    private Item item(Bytes key) {
        Item item = unfound.get(key);
        return item != null ? item : active.computeIfAbsent(key, Item::new);
    }

    private boolean hasRoom() {
        long bytes = 0;
        for (Item item : active.values()) {
            bytes += item.bytes;
        }
        return SendWindow.hasRoom(active.size(), bytes);
    }

    /** Goes on with as many names as may be under way. */
    void more(PgEffects out) {
        List<Item> begun;
        do {
            begun = new ArrayList<>();
            begin(copy.missing().items(), begun);
            for (Members.Member member : members.all()) {
                begin(member.missing().items(), begun);
            }
            begun.forEach(item -> goOn(item, out));
        } while (!begun.isEmpty());
        isExhausted = active.isEmpty() && degraded() > 0;
    }

    private void begin(NavigableMap<Bytes, MissingItem> missing, List<Item> begun) {
        for (Bytes key : missing.keySet()) {
            if (!hasRoom()) {
                return;
            }
            if (!active.containsKey(key) && !unfound.containsKey(key)) {
                begun.add(item(key));
            }
        }
    }

    /** Takes the next step for a name, unless one is under way. */
    private void goOn(Item item, PgEffects out) {
        MissingItem own = copy.missing().item(item.key);
        if (item.isBeingWritten || item.read != null) {
            return;
        }
        if (own == null) {
            push(item, out);
        } else if (own.wanted() == MissingItem.Wanted.ABSENT) {
            write(item, own.need(), null, out);
        } else if (item.source < 0) {
            pull(item, own.need(), out);
        }
    }

    private void pull(Item item, ObjectVersion need, PgEffects out) {
        for (Members.Member member : members.all()) {
            if (member.has(item.key) && ask(item, member.osd(), need, out)) {
                return;
            }
        }
        for (int other : others.get()) {
            if (ask(item, other, need, out)) {
                out.count("pg: an entry is asked of one that is no member");
                return;
            }
        }
        nobodyHas(item, out);
    }

    private void goOnAgain(Item item, PgEffects out) {
        if (active.get(item.key) == item) {
            goOn(item, out);
        }
    }

    private void nobodyHas(Item item, PgEffects out) {
        if (active.remove(item.key, item)) {
            out.count("pg: an entry that nobody has");
            unfound.put(item.key, item);
        }
    }

    private boolean ask(Item item, int osd, ObjectVersion need, PgEffects out) {
        if (item.unreadableAt.contains(osd)) {
            return false;
        }
        item.source = osd;
        out.send(osd, new ReplicationMessage.Pull(id, epoch, item.key, need));
        return true;
    }

    /** Somebody is there, perhaps for the first time, who may have what nobody has. */
    void onOther(int osd, PgEffects out) {
        List<Item> again = List.copyOf(unfound.values());
        unfound.clear();
        isExhausted = false;
        for (Item item : again) {
            item.unreadableAt.remove(osd);
            active.put(item.key, item);
        }
        again.forEach(item -> goOn(item, out));
    }

    /** In a newer map of the interval, some may be down that were asked. */
    void onMap(IntPredicate isUp, PgEffects out) {
        for (Item item : List.copyOf(active.values())) {
            if (item.source >= 0 && !item.isBeingWritten && !isUp.test(item.source)) {
                tryAnother(item, item.source, out);
            }
        }
    }

    /** A member has sent what it was asked for. */
    void onPush(int from, ReplicationMessage.Push push, PgEffects out) {
        Item item = active.get(push.key());
        MissingItem own = copy.missing().item(push.key());
        if (item == null || own == null || item.source != from || item.isBeingWritten) {
            return;
        }
        if (push.version().equals(own.need()) && push.content() != null) {
            write(item, push.version(), push.content(), out);
        } else {
            tryAnother(item, from, out);
        }
    }

    /** A member cannot read what it was asked for. */
    void onUnreadable(int from, ReplicationMessage.Unreadable unreadable, PgEffects out) {
        Item item = active.get(unreadable.key());
        if (item != null && item.source == from && !item.isBeingWritten) {
            tryAnother(item, from, out);
        }
    }

    private void tryAnother(Item item, int from, PgEffects out) {
        item.unreadableAt.add(from);
        item.source = -1;
        goOn(item, out);
    }

    private void write(Item item, ObjectVersion version, ReplicationMessage.Content content, PgEffects out) {
        item.isBeingWritten = true;
        item.bytes = SendWindow.bytes(content);
        copy.missing().recovered(item.key);
        commits.submit(WholeEntry.transaction(id, item.key, version, content, copy.rows()), out);
        commits.whenDurable(
                then -> {
                    if (!isOver) {
                        item.isBeingWritten = false;
                        out.count("pg: an entry is recovered");
                        List<Commits.Step> steps = List.copyOf(item.whenHere);
                        item.whenHere.clear();
                        goOn(item, then);
                        steps.forEach(step -> step.run(then));
                    }
                },
                out);
    }

    /** Reads an entry, to give it to those who miss it; when nobody does, it is done. */
    private void push(Item item, PgEffects out) {
        if (!members.isMissedBySome(item.key)) {
            finish(item, out);
            return;
        }
        item.read = new EntryRead(store, item.key);
        long token = reads.newToken();
        reading.put(token, item);
        out.read(id, token, item.read);
    }

    /** A read has ended; false when it was not one of these. */
    boolean onRead(long token, RuntimeException failure, PgEffects out) {
        Item item = reading.remove(token);
        if (item == null) {
            return false;
        }
        EntryRead read = item.read;
        item.read = null;
        if (failure != null) {
            if (!repair.onDamage(failure, then -> goOnAgain(item, then), then -> nobodyHas(item, then), out)) {
                nobodyHas(item, out);
            }
            return true;
        }
        item.bytes = SendWindow.bytes(read.content());
        for (Members.Member member : members.all()) {
            MissingItem missing = member.missing().item(item.key);
            if (missing != null) {
                ObjectVersion version = read.content() == null ? missing.need() : read.version();
                out.send(member.osd(), new ReplicationMessage.Push(id, epoch, item.key, version, read.content()));
            }
        }
        finishIfEverywhere(item, out);
        return true;
    }

    /** A member has an entry as it was pushed. */
    void onPushed(int from, ReplicationMessage.Pushed pushed, PgEffects out) {
        Members.Member member = members.of(from);
        if (member == null) {
            return;
        }
        member.missing().recovered(pushed.key());
        Item item = active.get(pushed.key());
        if (item != null) {
            finishIfEverywhere(item, out);
        }
    }

    private void finishIfEverywhere(Item item, PgEffects out) {
        if (isHere(item.key) && item.read == null && !members.isMissedBySome(item.key)) {
            finish(item, out);
        }
    }

    private void finish(Item item, PgEffects out) {
        active.remove(item.key);
        item.whenHere.forEach(step -> step.run(out));
        item.whenEverywhere.forEach(step -> step.run(out));
    }

    /** A connection broke; what was asked or sent may be lost. */
    void onPeerReset(int osd, PgEffects out) {
        for (Item item : List.copyOf(active.values())) {
            if (item.source == osd && !item.isBeingWritten) {
                item.source = -1;
            }
            goOn(item, out);
        }
    }
}
