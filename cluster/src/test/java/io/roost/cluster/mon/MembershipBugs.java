package io.roost.cluster.mon;

import io.roost.cluster.sim.BugHunt;
import io.roost.cluster.sim.PlantedBug;
import io.roost.cluster.sim.World;
import java.util.List;
import java.util.Set;

/** Mistakes when monitors come and go. */
public final class MembershipBugs implements BugHunt.Catalogue {
    /** Found by one seed in some dozens and more: too dear for every build. */
    private static final Set<String> SELDOM_SEEN = Set.of(
            "membership: proposals by another map count",
            "membership: a monitor that was removed still votes",
            "membership: of an even number one that is needed votes no more",
            "membership: who knows a newer map disturbs those who do not",
            "membership: who lacks a version is not let vote",
            "membership: an answer of before is taken for one of this life");

    /** Those that a few seeds find. */
    static final class OftenSeen implements BugHunt.Catalogue {
        @Override
        public Class<? extends World> world() {
            return MembershipWorld.class;
        }

        @Override
        public List<PlantedBug> bugs() {
            return new MembershipBugs()
                    .bugs().stream()
                            .filter(bug -> !SELDOM_SEEN.contains(bug.name()))
                            .toList();
        }
    }

    @Override
    public Class<? extends World> world() {
        return MembershipWorld.class;
    }

    private static PlantedBug bug(String name, String file, String right, String wrong) {
        return new PlantedBug("membership: " + name, file + ".java", right, wrong);
    }

    @Override
    public List<PlantedBug> bugs() {
        return List.of(
                bug(
                        "a quorum goes on after the map has changed",
                        "paxos/Quorum",
                        "!sync.isWhole() || MonMapRows.epoch(store) == members.epoch()",
                        "isInQuorum() || !sync.isWhole() || MonMapRows.epoch(store) == members.epoch()"),
                bug(
                        "proposals by another map count",
                        "paxos/Election",
                        "propose.monMapEpoch() != members.epoch()",
                        "false"),
                bug(
                                "a monitor that was removed still votes",
                                "paxos/Election",
                                "!members.isVoter(from) || !members.isVoter(members.self())",
                                "false")
                        .in("paxos.ElectionTest", "nobodyVotesWhoMayNotAndNobodyForOneWhoMayNot"),
                bug(
                        "whoever is in the map votes",
                        "paxos/Members",
                        "if (monitor.role() == MonMap.Role.VOTER) {",
                        "if (monitor.role() != null) {"),
                bug(
                        "who joins votes at once",
                        "mon/MonMapService",
                        "add.address(), MonMap.Role.NON_VOTER)",
                        "add.address(), MonMap.Role.VOTER)"),
                bug(
                        "whoever asks to join votes, whether it has caught up or not",
                        "paxos/Quorum",
                        "        if (!canVote()) {\n            boolean isOfQuorum",
                        "        out.send(from, new ProbeMessage.Join());\n        if (!canVote()) {\n            boolean isOfQuorum"),
                bug(
                        "voters become an even number",
                        "mon/MonMapService",
                        "        if (voters.size() % 2 == 0) {\n            leastNeeded",
                        "        if (false) {\n            leastNeeded"),
                bug(
                        "of an even number one that is needed votes no more",
                        "mon/MonMapService",
                        "(quorum.members().contains(voter.name()) ? 0 : 1000)",
                        "(quorum.members().contains(voter.name()) ? 1000 : 0)"),
                bug("nobody is let vote", "mon/MonMapService", "        if (more <= 0) {", "        if (more < 100) {"),
                bug(
                        "who was removed does not learn of it",
                        "paxos/Quorum",
                        "missing > 0 && (!isVoter || isMapNewer)",
                        "missing > 0 && !isVoter"),
                bug("who knows a newer map disturbs those who do not", "paxos/Quorum", "isOfThisMap && reply", "reply"),
                bug(
                        "who lacks a version is not let vote",
                        "paxos/Quorum",
                        "isMapNewer || missing > MAX_MISSING",
                        "isMapNewer || missing > 0"),
                bug(
                        "an answer of before is taken for one of this life",
                        "mon/Monitor",
                        "quorum.role() == Quorum.Role.PEON && reply.epoch() == quorum.epoch()",
                        "true"));
    }
}
