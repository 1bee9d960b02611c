package io.roost.cluster.pg.peering;

import io.roost.cluster.sim.BugHunt;
import io.roost.cluster.sim.PlantedBug;
import io.roost.cluster.sim.World;
import java.util.List;

/** Mistakes in peering. */
public final class PeeringBugs implements BugHunt.Catalogue {
    @Override
    public Class<? extends World> world() {
        return PeeringWorld.class;
    }

    private static PlantedBug bug(String file, String name, String right, String wrong) {
        return new PlantedBug("peering: " + name, "pg/peering/" + file + ".java", right, wrong);
    }

    @Override
    public List<PlantedBug> bugs() {
        return List.of(
                bug(
                        "Interval",
                        "no interval may have taken writes unless it was clean",
                        "boolean wasActive = primary.upThru() >= first && primary.upFrom() <= first;",
                        "boolean wasActive = false;"),
                bug(
                                "Interval",
                                "up_thru of the interval's first epoch is not enough",
                                "primary.upThru() >= first",
                                "primary.upThru() > first")
                        .in("pg.peering.PeeringTest", "intervalWithUpThruMustBeHeard"),
                bug("PriorSet", "who is down counts as heard", "silent.add(osd);", "isHeard = true;"),
                bug("PriorSet", "a placement group is never down", "return !blockedBy.isEmpty();", "return false;")
                        .in("pg.peering.PeeringTest", "intervalWithUpThruMustBeHeard"),
                bug(
                                "PriorSet",
                                "whoever returns is not asked",
                                "if ((info != null && info.isUp()) || lostAt != entry.getValue()) {",
                                "if (lostAt != entry.getValue()) {")
                        .in("pg.peering.PeeringScenarioTest", "whoReturnsIsAskedAlthoughTheIntervalGoesOn"),
                bug(
                                "ActingChoice",
                                "a start counts only when all are known to have recorded it",
                                "                newestStart = Math.max(newestStart, info.lastEpochStarted());\n",
                                "")
                        .in("pg.peering.PeeringScenarioTest", "aStartCountsAsSoonAsOneHasRecordedIt"),
                bug(
                        "ActingChoice",
                        "a half-filled copy can have the log that counts",
                        "                    && info.isComplete()\n",
                        ""),
                bug(
                        "ActingChoice",
                        "a half-filled copy can act",
                        "return info.isComplete() && info.lastUpdate()",
                        "return info.lastUpdate()"),
                bug(
                        "ActingChoice",
                        "who is too far behind can act",
                        "return info.isComplete() && info.lastUpdate().compareTo(tail) >= 0;",
                        "return info.isComplete();"),
                bug(
                        "PrimaryPeering",
                        "a primary starts before the monitors have noted it",
                        "return info != null && info.upThru() >= copy.history().sameIntervalSince();",
                        "return true;"),
                bug(
                                "PrimaryPeering",
                                "the start is history before all have recorded it",
                                "            copy.activatedAt(activationEpoch);\n",
                                """
                                    copy.activatedAt(activationEpoch);
                                    copy.learn(copy.history().started(activationEpoch));
                        """)
                        .in("pg.peering.PeeringTest", "intervalWithoutUpThruNeedNotBeHeard"),
                bug(
                        "PrimaryPeering",
                        "it serves when the first has recorded the start",
                        "                || unanswered.remove(from) == null\n                || !unanswered.isEmpty()) {",
                        "                || unanswered.remove(from) == null) {"),
                bug(
                        "PrimaryPeering",
                        "what others have to take back is not missing there",
                        "        missing.onDivergent(merge.divergent(), pg.pool(), log.info().lastBackfill());\n",
                        ""),
                bug(
                                "LogMerge",
                                "logs that do not meet in what was read are taken for meeting",
                                "if (!common.equals(since) && !known.contains(common)) {",
                                "if (false) {")
                        .in("pg.peering.PeeringScenarioTest", "logsThatDoNotMeetAreNotMerged"),
                bug(
                        "PrimaryPeering",
                        "what others have not heard of is not missing there",
                        "        merge.added()\n",
                        "        List.<LogEntry>of()\n"),
                bug(
                                "PrimaryPeering",
                                "an answer of an earlier peering is believed",
                                " && notify.queried() < queried) {",
                                " && notify.queried() < 0) {")
                        .in("pg.peering.PeeringScenarioTest", "anAnswerToAnEarlierPeeringIsNotBelieved"),
                bug(
                                "PrimaryPeering",
                                "a start with too few is recorded",
                                "return mapping.acting().size() >= map.pool(pg.pool()).minSize();",
                                "return true;")
                        .in("pg.peering.PeeringTest", "tooFewDoNotStart"),
                bug("PrimaryPeering", "strays are removed before all is clean", "if (isClean) {", "if (true) {")
                        .in("pg.peering.PeeringScenarioTest", "strayIsKeptUntilAllIsClean"),
                bug(
                                "PrimaryPeering",
                                "whom the primary has heard may be gone",
                                "(prior.isAffectedBy(next) || !infos.keySet().stream().allMatch(next::isUp));",
                                "prior.isAffectedBy(next);")
                        .in("pg.peering.PeeringScenarioTest", "whomThePrimaryHasChosenMayBeGone"),
                bug(
                                "PrimaryPeering",
                                "what a broken connection lost is not asked again",
                                "if (question != null && peer != osd) {",
                                "if (question != null && peer == osd) {")
                        .in("pg.peering.PeeringTest", "whatABrokenConnectionLostIsSaidAgain"),
                bug(
                                "PrimaryPeering",
                                "clean with fewer than there should be",
                                "!isClean && mapping.acting().size() >= map.pool(pg.pool()).size()",
                                "!isClean")
                        .in("pg.peering.PeeringScenarioTest", "fewerThanThereShouldBeAreNotClean"),
                bug(
                                "PrimaryPeering",
                                "an activation whose map is gone is not said again",
                                "said.start() == PeeringMessage.Start.BACKFILL && said.mapEpoch()",
                                "said.start() != PeeringMessage.Start.BACKFILL && said.mapEpoch()")
                        .in("pg.peering.PeeringTest", "whoCannotFollowToItsActivationIsToldAgain"),
                bug(
                                "PrimaryPeering",
                                "who was to act and has outlived its maps is waited for",
                                "            want(choose(osd), out);\n        } else if (phase",
                                "            out.count(\"nothing\");\n        } else if (phase")
                        .in("pg.peering.PeeringTest", "whoWasToActAndCannotFollowIsFilled"),
                bug(
                                "PrimaryPeering",
                                "who was being filled and has outlived its maps is waited for",
                                "reading = logReads.ask(recentSince, out);",
                                "reading = LogReads.NONE;")
                        .in("pg.peering.PeeringTest", "whoWasBeingFilledAndCannotFollowIsFilledAnew"),
                bug(
                                "Peering",
                                "messages of an older interval are believed",
                                "if (message.mapEpoch() < sameIntervalSince()) {",
                                "if (message.mapEpoch() < 0) {")
                        .in("pg.peering.PeeringScenarioTest", "anActivationOfAnEndedIntervalIsVoid"),
                bug("Peering", "past intervals are forgotten", ".ifPresent(copy::past);", ".isPresent();"),
                bug(
                                "Peering",
                                "an OSD trusts its copy after maps that it never saw",
                                "        copy.outlivedItsMaps(",
                                "        Optional.ofNullable(")
                        .in("pg.peering.PeeringTest", "whoHasMissedMapsThatAreGoneIsFilledAnew"),
                bug(
                        "LocalCopy",
                        "what is missing is not on disk",
                        "for (Bytes key : missing.changes()) {",
                        "for (Bytes key : List.<Bytes>of()) {"),
                bug(
                        "LocalCopy",
                        "divergent entries stay on disk",
                        "            merge.divergent()\n",
                        "            List.<LogEntry>of()\n"),
                bug(
                        "MissingSet",
                        "what a divergent entry made may stay",
                        "Wanted wanted = prior.equals(ObjectVersion.NONE) ? Wanted.ABSENT : Wanted.PRESENT;",
                        "if (prior.equals(ObjectVersion.NONE)) { recovered(key); return; }\n"
                                + "        Wanted wanted = Wanted.PRESENT;"),
                bug(
                        "MissingSet",
                        "removals are never missing",
                        "if (key.compareTo(lastBackfill) <= 0) {\n                MissingItem item",
                        "if (key.compareTo(lastBackfill) <= 0 && change.kind() != LogEntry.Kind.DELETE) {\n"
                                + "                MissingItem item"),
                bug(
                        "MissingSet",
                        "a divergent version is taken for the one before it",
                        "ObjectVersion have = item == null ? ObjectVersion.NONE : item.have();",
                        "if (item == null) { return; }\n        ObjectVersion have = item.have();"),
                bug(
                                "MemberPeering",
                                "a replica does not record the start",
                                "        copy.activatedAt(activating.info().lastEpochStarted());\n",
                                "")
                        .in("pg.peering.PeeringTest", "newestWriteOfASurvivorIsKept"),
                bug(
                                "MemberPeering",
                                "who has outlived its maps hears nothing that is said by an older one",
                                "        copy.intervalBegan(activating.interval());\n",
                                "")
                        .in("pg.peering.PeeringTest", "whoCannotFollowToItsActivationIsToldAgain"),
                bug(
                                "MemberPeering",
                                "an activation that comes again is carried out again",
                                "if (activating != null) {",
                                "if (activating != null && phase != PeeringPhase.REPLICA_ACTIVE) {")
                        .in("pg.peering.PeeringScenarioTest", "anActivationThatComesAgainChangesNothing"),
                bug(
                                "MemberPeering",
                                "a replica does not say again what a broken connection lost",
                                "if (phase == PeeringPhase.REPLICA_ACTIVE) {\n            out.send(mapping.primary(), new PeeringMessage.Activated(pg, map.epoch(), activating.interval()));\n        } else {",
                                "if (phase != PeeringPhase.REPLICA_ACTIVE && activating != null) {")
                        .in("pg.peering.PeeringScenarioTest", "replicaSaysAgainThatItHasRecordedTheStart"));
    }
}
