package io.roost.cluster.paxos;

import io.roost.cluster.sim.BugHunt;
import io.roost.cluster.sim.PlantedBug;
import io.roost.cluster.sim.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Mistakes in agreement, leases and copying of stores. */
public final class QuorumBugs implements BugHunt.Catalogue {
    /** Names of those that take hundreds of seeds and more. */
    private static final Set<String> SELDOM_SEEN = Set.of(
            "an old value gets the number of the newest question",
            "of two uncommitted values the older wins",
            "an uncommitted value is not proposed again",
            "a peon promises the leader of an old quorum what it asks for",
            "two monitors use the same numbers",
            "a peon counts its lease from when the grant arrives",
            "the leader holds a lease as soon as one peon has promised",
            "a new leader does not wait for old leases",
            "one of those outside is gone, and no lease is waited for",
            "a lease outlives its quorum",
            "a new leader does not count its own promise",
            "a leader does not promise what it asks for",
            "reads go past what is proposed again",
            "a lost store is copied from anybody",
            "the log is not done over a copy");

    /** Those that some dozens of seeds find. */
    static final class OftenSeen implements BugHunt.Catalogue {
        @Override
        public Class<? extends World> world() {
            return QuorumWorld.class;
        }

        @Override
        public List<PlantedBug> bugs() {
            return new QuorumBugs()
                    .bugs().stream()
                            .filter(bug -> !SELDOM_SEEN.contains(bug.name()))
                            .toList();
        }
    }

    /** Those that show only when certain things happen in turn. */
    public static final class OfScenarios implements BugHunt.Catalogue {
        @Override
        public Class<? extends World> world() {
            return QuorumScenarioWorld.class;
        }

        @Override
        public List<PlantedBug> bugs() {
            return scenarios();
        }
    }

    @Override
    public Class<? extends World> world() {
        return QuorumWorld.class;
    }

    @Override
    public List<PlantedBug> bugs() {
        List<PlantedBug> bugs = new ArrayList<>();
        bugs.addAll(agreement());
        bugs.addAll(leases());
        bugs.addAll(stores());
        return bugs;
    }

    private static PlantedBug bug(String name, String file, String right, String wrong) {
        return new PlantedBug(name, "paxos/" + file + ".java", right, wrong);
    }

    private static List<PlantedBug> agreement() {
        return List.of(
                bug(
                        "an old value gets the number of the newest question",
                        "PaxosLog",
                        "new PaxosMessage.Uncommitted(version, pendingPn, value(version))",
                        "new PaxosMessage.Uncommitted(version, acceptedPn, value(version))"),
                bug(
                        "of two uncommitted values the older wins",
                        "Paxos",
                        "learned.get().pn() < value.pn()",
                        "learned.get().pn() > value.pn()"),
                bug(
                        "an uncommitted value is not proposed again",
                        "Paxos",
                        "learned.isPresent() && learned.get().version() == log.lastCommitted() + 1",
                        "false"),
                bug(
                        "the number that is followed is not persisted",
                        "PaxosLog",
                        "out.persist(new MonTransaction().put(ACCEPTED_PN, pn));",
                        ""),
                bug(
                        "a value is acknowledged before it is on disk",
                        "Paxos",
                        "        if (log.pendingPn() != begin.pn()) {\n",
                        """
                                out.send(leader, new PaxosMessage.Accept(epoch, begin.pn(), begin.version()));
                                if (log.pendingPn() != begin.pn()) {
                        """),
                bug(
                        "a peon promises the leader of an old quorum what it asks for",
                        "Paxos",
                        " || message.epoch() != epoch) {\n",
                        """
                        ) {
                                    return;
                                }
                                if (message.epoch() != epoch) {
                                    if (message instanceof PaxosMessage.Lease ask) {
                                        out.send(from, new PaxosMessage.LeaseAck(ask.epoch(), ask.round(), log.lastCommitted(), nowMillis));
                                    }
                        """),
                bug(
                        "acknowledgements of another version count",
                        "Paxos",
                        "accept.pn() == pn && accept.version() == log.lastCommitted() + 1",
                        "accept.pn() == pn"),
                bug(
                        "the leader does not learn what others have decided",
                        "Paxos",
                        "        store(last.committed(), out);\n        if (last.lastCommitted() > log.lastCommitted()) {",
                        "        if (false) {"),
                bug("two monitors use the same numbers", "PaxosLog", "* PN_STEP + rank;", "* PN_STEP;"),
                bug(
                        "a version and its changes are not one batch",
                        "PaxosLog",
                        "out.persist(batch.append(MonTransaction.decode(value)));",
                        "out.persist(batch); out.persist(MonTransaction.decode(value));"));
    }

    private static List<PlantedBug> leases() {
        return List.of(
                bug(
                        "a majority decides, and leases go on",
                        "Paxos",
                        "        answered.add(from);\n        if (haveAllAnswered()) {\n            out.cancelTimer",
                        "        answered.add(from);\n        if (members.isMajority(answered)) {\n            out.cancelTimer"),
                bug(
                        "a peon reads on after it has accepted",
                        "Paxos",
                        "case PEON -> log.pendingPn() == 0 && lease.isValid(nowMillis);",
                        "case PEON -> lease.isValid(nowMillis);"),
                bug(
                        "a peon counts its lease from when the grant arrives",
                        "Paxos",
                        "lease.hold(grant.sentMillis(), grant.forMillis());",
                        "lease.hold(heardMillis, grant.forMillis());"),
                bug(
                        "the leader counts its lease from the last promise",
                        "Paxos",
                        "            out.setTimer(SILENCE, timing.silenceMillis());\n            grant(nowMillis, out);",
                        "            lease.hold(nowMillis, timing.leaseMillis());\n            grant(nowMillis, out);"),
                bug(
                        "the leader holds a lease as soon as one peon has promised",
                        "Lease",
                        "answered.size() != quorum.size() - 1",
                        "answered.isEmpty()"),
                bug(
                        "a new leader does not wait for old leases",
                        "Paxos",
                        "!outside.isEmpty() && nowMillis < waitUntilMillis",
                        "false"),
                bug(
                        "one of those outside is gone, and no lease is waited for",
                        "Paxos",
                        "outside.remove(peer) && outside.isEmpty()",
                        "outside.remove(peer)"),
                bug(
                        "a new leader does not count its own promise",
                        "Paxos",
                        "waitUntilMillis = nowMillis + Lease.longer(lease.promisedMillis(nowMillis));",
                        "waitUntilMillis = nowMillis;"),
                bug(
                        "a leader does not promise what it asks for",
                        "Lease",
                        "        promise(nowMillis);\n        return ++round;",
                        "        return ++round;"),
                bug(
                        "a monitor that starts forgets its promise",
                        "Lease",
                        "        leave();\n        promise(nowMillis);",
                        "        leave();\n        promisedUntilMillis = nowMillis;"),
                bug("a lease outlives its quorum", "Lease", "        validUntilMillis = Long.MIN_VALUE;\n", "")
                        .in("paxos.LeaseTest", "ofALeaderItEndsWithItsQuorum"),
                bug(
                        "reads go past what is proposed again",
                        "Paxos",
                        "case ACTIVE, UPDATING -> quorum",
                        "case ACTIVE, UPDATING, UPDATING_PREVIOUS -> quorum"));
    }

    private static List<PlantedBug> stores() {
        return List.of(
                bug(
                        "a monitor that has lost its store votes",
                        "Quorum",
                        "        if (!canVote()) {\n            return;\n        }\n        boolean isLed",
                        "        boolean isLed"),
                bug(
                        "a lost store is copied from anybody",
                        "Quorum",
                        "reply.standing() == ProbeMessage.Standing.READABLE",
                        "true"),
                bug(
                        "a copy is not marked as incomplete",
                        "StoreSync",
                        "out.persist(new MonTransaction().put(IN_PROGRESS, 1));",
                        ""),
                bug(
                        "the log is not done over a copy",
                        "StoreSync",
                        "log.beginAt(firstVersion, out);",
                        "log.beginAt(untilVersion, out);"),
                bug(
                        "a copy keeps what was there before",
                        "StoreSync",
                        "        clear(out);\n        getRows(out);",
                        "        getRows(out);"),
                bug(
                        "a copy forgets the number that is followed",
                        "StoreSync",
                        "List.of(IN_PROGRESS, Election.EPOCH, PaxosLog.ACCEPTED_PN)",
                        "List.of(IN_PROGRESS, Election.EPOCH)"));
    }

    private static List<PlantedBug> scenarios() {
        return List.of(
                bug(
                        "a commit takes whatever is accepted",
                        "Paxos",
                        "version == log.lastCommitted() + 1 && log.pendingPn() == ofPn",
                        "version >= log.lastCommitted() + 1 && log.pendingPn() != 0"),
                bug(
                        "a grant is taken whatever its version is",
                        "Paxos",
                        "grant.lastCommitted() == log.lastCommitted()",
                        "true"),
                bug(
                        "clocks are taken for exact",
                        "Lease",
                        "return millis + millis * MARGIN_PERCENT / 100 + GRAIN_MILLIS;",
                        "return millis;"));
    }
}
