package io.roost.cluster.mon;

import io.roost.cluster.sim.BugHunt;
import io.roost.cluster.sim.PlantedBug;
import io.roost.cluster.sim.World;
import java.util.List;
import java.util.Set;

/** Mistakes of a monitor over a quorum that is right. */
public final class MonitorBugs implements BugHunt.Catalogue {
    /** Found by one seed in some hundreds: too dear for every build. */
    private static final Set<String> SELDOM_SEEN = Set.of(
            "monitor: what changes nothing is answered before that on which it rests",
            "monitor: what was proposed in a term that has ended is answered",
            "monitor: a leader goes on with ids of its last term");

    /** Those that some dozens of seeds find. */
    static final class OftenSeen implements BugHunt.Catalogue {
        @Override
        public Class<? extends World> world() {
            return MonitorWorld.class;
        }

        @Override
        public List<PlantedBug> bugs() {
            return new MonitorBugs()
                    .bugs().stream()
                            .filter(bug -> bug.scenario().isEmpty() && !SELDOM_SEEN.contains(bug.name()))
                            .toList();
        }
    }

    @Override
    public Class<? extends World> world() {
        return MonitorWorld.class;
    }

    private static PlantedBug bug(String name, String file, String right, String wrong) {
        return new PlantedBug("monitor: " + name, "mon/" + file + ".java", right, wrong);
    }

    @Override
    public List<PlantedBug> bugs() {
        return List.of(
                bug(
                        "whoever is in a quorum answers",
                        "Monitor",
                        "boolean isReadable = quorum.isReadable(now.monotonicMillis());",
                        "boolean isReadable = quorum.leader() != null;"),
                bug(
                        "a change is answered before it is committed",
                        "Monitor",
                        "            waiting.addAll(again);\n",
                        "            waiting.addAll(again);\n            sendReplies(out);\n"),
                bug(
                        "what changes nothing is answered before that on which it rests",
                        "Monitor",
                        "                if (prepared.kind() == Prepared.Kind.AGAIN) {\n",
                        """
                                        if (prepared.kind() == Prepared.Kind.ANSWERED) {
                                            List<Reply> others = new ArrayList<>(uncommittedReplies);
                                            uncommittedReplies.removeIf(reply -> !reply.origin().equals(next.origin()));
                                            sendReplies(out);
                                            others.removeIf(reply -> reply.origin().equals(next.origin()));
                                            uncommittedReplies.addAll(others);
                                        }
                                        if (prepared.kind() == Prepared.Kind.AGAIN) {
                        """),
                bug(
                        "what was proposed in a term that has ended is answered",
                        "Monitor",
                        "            uncommittedReplies.clear();\n            // So",
                        "            // So"),
                bug(
                        "what is passed on twice is carried out twice",
                        "Monitor",
                        "isOfTerm && forward.number() > forwarded.getOrDefault(from, 0L)",
                        "isOfTerm"),
                bug(
                        "a new leader gives ids that one before it has reserved",
                        "AuthService",
                        "if (reserved > pendingReserved) {",
                        "if (false) {"),
                bug("a leader goes on with ids of its last term", "Monitor", "services.onTerm(now);", ""),
                bug(
                                "what was said in a session that has ended is carried out",
                                "Monitor",
                                "        waiting.removeIf(next -> next.origin().equals(ended));\n",
                                "")
                        .in("mon.LeaderChangeTest", "whatWasSaidInASessionThatHasEndedIsNotCarriedOut"),
                bug(
                                "what was passed on in a term that has ended is carried out",
                                "Monitor",
                                "            waiting.removeIf(next -> next.origin().peer().isPresent());\n",
                                "")
                        .in("mon.LeaderChangeTest", "whatWasPassedOnInATermThatHasEndedIsNotCarriedOut"),
                bug(
                                "what was said long before a term is carried out in it",
                                "Monitor",
                                "now.monotonicMillis() - next.sinceMillis() >= SAID_AGAIN_MILLIS",
                                "false")
                        .in("mon.LeaderChangeTest", "whatWasSaidLongBeforeATermIsNotCarriedOutInIt"));
    }
}
