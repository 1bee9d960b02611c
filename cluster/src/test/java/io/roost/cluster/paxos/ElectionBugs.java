package io.roost.cluster.paxos;

import io.roost.cluster.sim.BugHunt;
import io.roost.cluster.sim.PlantedBug;
import io.roost.cluster.sim.World;
import java.util.List;

/** Mistakes in the election. */
public final class ElectionBugs implements BugHunt.Catalogue {
    @Override
    public Class<? extends World> world() {
        return ElectionWorld.class;
    }

    private static PlantedBug bug(String name, String right, String wrong) {
        return new PlantedBug("election: " + name, "paxos/Election.java", right, wrong);
    }

    @Override
    public List<PlantedBug> bugs() {
        return List.of(
                bug("the epoch is not persisted", "out.persist(new MonTransaction().put(EPOCH, epoch));", ""),
                bug("an odd epoch found at the start is used again", "epoch = stored + stored % 2;", "epoch = stored;"),
                bug(
                        "a vote moves to a better candidate of the same epoch",
                        "out.send(from, new ElectionMessage.Nak(epoch + 2));",
                        "defer(from, out);"),
                bug(
                        "an election begins again in the same epoch",
                        "enter(epoch + 1 + epoch % 2, out);",
                        "if (epoch % 2 == 0) { enter(epoch + 1, out); }"),
                bug(
                        "half of the voters is enough",
                        "return members.isMajority(acked) &&",
                        "return 2 * acked.size() >= members.voters().size() - 1 &&"),
                bug(
                        "who is unreachable counts as a vote",
                        "return members.isMajority(acked) &&",
                        "SortedSet<String> all = new TreeSet<>(acked); all.addAll(unreachable); return members.isMajority(all) &&"),
                bug("votes of an old epoch count", " && ack.epoch() == epoch) {", ") {"),
                bug(
                        "a victory of an old epoch is believed",
                        " && victory.epoch() == epoch + 1 && from.equals(vote);",
                        ";"),
                bug(
                        "the vote is sent before the epoch is persisted",
                        "            enter(propose.epoch(), out);\n",
                        """
                            if (members.outranks(from, members.self())) {
                                out.send(from, new ElectionMessage.Ack(propose.epoch()));
                            }
                            enter(propose.epoch(), out);
                        """));
    }
}
