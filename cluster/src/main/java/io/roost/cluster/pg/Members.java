package io.roost.cluster.pg;

import io.roost.cluster.message.PgInfo;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.peering.Activation;
import io.roost.cluster.pg.peering.MissingSet;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The other OSDs that take every change of a placement group in an interval, as the primary knows them. */
final class Members {
    private final SortedMap<Integer, Member> members = new TreeMap<>();

    /** What is known of one. */
    static final class Member {
        private final int osd;
        private final MissingSet missing;
        private Bytes lastBackfill;
        private ObjectVersion onDisk;

        private Member(int osd, Activation.Peer peer, ObjectVersion head) {
            this.osd = osd;
            this.missing = peer.missing();
            this.lastBackfill = peer.lastBackfill();
            this.onDisk = head;
        }

        int osd() {
            return osd;
        }

        /** What it has not as its log says. */
        MissingSet missing() {
            return missing;
        }

        /** Entries whose key is above this are absent there. */
        Bytes lastBackfill() {
            return lastBackfill;
        }

        /** True when it has all but what its log says it misses. */
        boolean isFilled() {
            return lastBackfill.equals(PgInfo.COMPLETE);
        }

        void filled(Bytes through) {
            lastBackfill = through;
        }

        /** True when it has an entry as the log says. */
        boolean has(Bytes key) {
            return key.compareTo(lastBackfill) <= 0 && missing.item(key) == null;
        }
    }

    /**
     * Members that all have the same log.
     *
     * @param head of that log
     */
    Members(Map<Integer, Activation.Peer> peers, ObjectVersion head) {
        peers.forEach((osd, peer) -> members.put(osd, new Member(osd, peer, head)));
    }

    /** True when there is no other OSD. */
    boolean areNone() {
        return members.isEmpty();
    }

    /** How many there are. */
    int count() {
        return members.size();
    }

    /** All of them, by number. */
    Iterable<Member> all() {
        return members.values();
    }

    /** What is known of one, null when it is none of them. */
    Member of(int osd) {
        return members.get(osd);
    }

    /** Sends a transaction to all. Nobody misses what it changes. */
    void replicate(ReplicationMessage.Replicate message, PgEffects out) {
        members.keySet().forEach(osd -> out.send(osd, message));
    }

    /** One has a transaction, and all before it, on disk. */
    void onReplicated(int osd, ObjectVersion version) {
        Member member = members.get(osd);
        if (member != null && version.compareTo(member.onDisk) > 0) {
            member.onDisk = version;
        }
    }

    /** What one has on disk of the log, null when it is no member. */
    ObjectVersion onDisk(int osd) {
        Member member = members.get(osd);
        return member == null ? null : member.onDisk;
    }

    /** What all have on disk, this OSD too. */
    ObjectVersion everywhere(ObjectVersion here) {
        ObjectVersion least = here;
        for (Member member : members.values()) {
            least = member.onDisk.compareTo(least) < 0 ? member.onDisk : least;
        }
        return least;
    }

    /** True when one of them does not have an entry that others have. */
    boolean isMissedBySome(Bytes key) {
        for (Member member : members.values()) {
            if (member.missing.item(key) != null) {
                return true;
            }
        }
        return false;
    }
}
