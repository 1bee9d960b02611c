package io.roost.cluster.osd;

import io.roost.cluster.sim.BugHunt;
import io.roost.cluster.sim.PlantedBug;
import io.roost.cluster.sim.World;
import java.util.List;

/** Mistakes in how OSDs keep placement groups, each of which {@link OsdWorld} must find. */
public final class OsdBugs implements BugHunt.Catalogue {
    @Override
    public Class<? extends World> world() {
        return OsdWorld.class;
    }

    @Override
    public List<PlantedBug> bugs() {
        return List.of(
                bug(
                        "a write is acknowledged when the primary has it",
                        "pg/Pipeline",
                        "ObjectVersion everywhere = members.everywhere(persisted);",
                        "ObjectVersion everywhere = persisted;"),
                bug(
                        "a write is acknowledged when the replicas have it",
                        "pg/Pipeline",
                        "ObjectVersion everywhere = members.everywhere(persisted);",
                        "ObjectVersion everywhere = members.everywhere(log.head());"),
                bug(
                        "what was submitted counts as on disk",
                        "pg/Commits",
                        "if (durable >= newest) {",
                        "if (durable >= 0) {"),
                bug(
                        "a transaction lost with its connection is not sent again",
                        "pg/Pipeline",
                        "        if (known != null) {\n            inFlight",
                        "        if (known == null) {\n            inFlight"),
                bug(
                        "a replica takes a transaction ahead of its turn",
                        "pg/Replica",
                        "message.version().version() != log.head().version() + 1",
                        "message.version().version() == 0"),
                bug(
                                "a replica takes a transaction twice",
                                "pg/Replica",
                                "message.version().compareTo(log.head()) <= 0",
                                "message.version().version() <= 0")
                        .and(
                                "message.version().version() != log.head().version() + 1",
                                "message.version().version() > log.head().version() + 1"),
                bug(
                        "a copy of a request is carried out again",
                        "pg/Primary",
                        "        if (version != null) {\n            if (!pipeline",
                        "        if (version != null && version.version() == 0) {\n            if (!pipeline"));
    }

    private static PlantedBug bug(String name, String file, String right, String wrong) {
        return new PlantedBug(name, file + ".java", right, wrong);
    }
}
