package io.roost.cluster.osd;

import io.roost.cluster.sim.BugHunt;
import io.roost.cluster.sim.PlantedBug;
import io.roost.cluster.sim.World;
import java.util.List;
import java.util.Set;

/** Mistakes in how OSDs keep placement groups, each of which {@link OsdWorld} must find. */
public final class OsdBugs implements BugHunt.Catalogue {
    /** Names of those that a dozen seeds find; the others are open holes until a hunt says how many they take. */
    private static final Set<String> OFTEN_SEEN = Set.of(
            "a write is acknowledged when the primary has it",
            "a write is acknowledged when the replicas have it",
            "what was submitted counts as on disk",
            "a transaction lost with its connection is not sent again",
            "a replica takes a transaction ahead of its turn",
            "a replica takes a transaction twice",
            "a name that is missing is read",
            "a scan goes past a missing name");

    /** Those that a dozen seeds find. */
    static final class OftenSeen implements BugHunt.Catalogue {
        @Override
        public Class<? extends World> world() {
            return OsdWorld.class;
        }

        @Override
        public List<PlantedBug> bugs() {
            return new OsdBugs()
                    .bugs().stream()
                            .filter(bug -> OFTEN_SEEN.contains(bug.name()))
                            .toList();
        }
    }

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
                        "return durable >= newest;",
                        "return durable >= 0;"),
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
                                "a transaction of an ended interval is taken",
                                "pg/PlacementGroup",
                                "message.mapEpoch() < peering.sameIntervalSince()",
                                "message.mapEpoch() < 0")
                        .in("pg.EndedIntervalsTest", "aTransactionOfAnEndedIntervalIsVoid"),
                bug(
                        "a name that is missing is read",
                        "pg/AbsentNames",
                        "!names.isEmpty() && names.contains(name)",
                        "names.contains(Bytes.EMPTY)"),
                bug(
                        "a scan goes past a missing name",
                        "pg/AbsentNames",
                        "if (first != null && (end",
                        "if (first == null && (end"),
                bug(
                        "a name that is being recovered is read",
                        "pg/Recovery",
                        "(item == null || !item.isBeingWritten)",
                        "true"),
                bug(
                        "a write does not wait until all have the entry",
                        "pg/Upkeep",
                        "if (members.isMissedBySome(key)) {",
                        "if (members.isMissedBySome(Bytes.EMPTY)) {"),
                bug(
                                "an old push overwrites a newer write",
                                "pg/Replica",
                                "if (push.key().compareTo(copy.lastBackfill()) > 0) {",
                                "if (push.key().compareTo(copy.lastBackfill()) > 0 || missing == null) {")
                        .in("pg.ReplicaTest", "takesAPushOfWhatItMissesOnceAndNothingOlder"),
                bug(
                                "an entry is pulled before it is on disk",
                                "pg/EntrySource",
                                "            commits.whenDurable(\n                    then -> {",
                                "            ((Commits.Step) then -> {")
                        .and("                    },\n                    out);", "                    }).run(out);")
                        .in("pg.ReplicaTest", "readsWhatIsPulledWhenAllThatCameBeforeIsOnDisk"),
                bug(
                                "a copy that is filled in part counts as whole",
                                "pg/Replica",
                                "copy.backfilled(filled.through());",
                                "copy.backfilled(io.roost.cluster.message.PgInfo.COMPLETE);")
                        .in("pg.ReplicaTest", "isFilledUpToWhereThePrimarySays"),
                bug(
                        "writes go on in a range that is being filled",
                        "pg/MovingRange",
                        "return isClosed && key",
                        "return false && key"),
                bug(
                        "writes under way are not waited for before a range is filled",
                        "pg/Backfill",
                        "pipeline.whenCommitted(this::compare, out);",
                        "compare(out);"),
                bug(
                        "what should not be there is left when a range is filled",
                        "pg/Backfill",
                        "if (!mine.containsKey(key)) {",
                        "if (mine.containsKey(Bytes.EMPTY)) {"),
                bug(
                                "what was read to be filled in twice is sent to whom it no longer concerns",
                                "pg/Backfill",
                                "if (to != target || !pushed.containsKey(key)) {",
                                "if (isOver) {")
                        .in("pg.BackfillTest", "whatIsReadTwiceIsNotSentToWhomHasIt"),
                bug(
                        "what is damaged counts as equal when a range is filled",
                        "pg/Backfill",
                        "if (isDamaged || !version.equals(theirs.get(key))) {",
                        "if (!isDamaged && !version.equals(theirs.get(key))) {"),
                bug(
                                "a range that is filled ends after so many entries only",
                                "pg/Backfill",
                                "PgInfo.COMPLETE, MAX_ENTRIES, MAX_BYTES);",
                                "PgInfo.COMPLETE, MAX_ENTRIES, Long.MAX_VALUE);")
                        .in("pg.BackfillTest", "aRangeEndsAfterSoManyBytes"),
                bug(
                        "a damaged row keeps a range from being filled",
                        "pg/RangeScan",
                        "            versions.put(scan.key(), ObjectVersion.NONE);\n            return 0;\n",
                        "            throw damaged;\n"),
                bug(
                        "a damaged row is not replaced",
                        "store/CommitGroup",
                        "return new State(CatalogueRow.guess(row), extents(key), true);",
                        "throw nonsense;"),
                bug(
                        "an attribute of a damaged entry makes it whole",
                        "store/CommitGroup",
                        "                batch.put(family, key, CatalogueRow.spoiled(row));\n",
                        ""),
                bug(
                        "an entry whose version is damaged is lost",
                        "pg/Repair",
                        "push.content() == null || (item.isVersionKnown() && !push",
                        "push.content() == null || (!push"),
                bug(
                        "a mend is acknowledged and not written",
                        "pg/ScrubTarget",
                        "        commits.submit(WholeEntry.transaction(id, mend.key(), mend.version(), mend.content(), List.of()), out);\n",
                        ""),
                bug(
                        "the primary's copy counts as the right one",
                        "pg/Scrub",
                        "            replaced.add(osd);\n",
                        "            replaced.addAll(vote.holders());\n"),
                bug("what differs is not replaced at the primary", "pg/Scrub", "            replaced.add(osd);\n", ""),
                bug(
                        "writes go on in a range that is compared",
                        "pg/Scrub",
                        "        if (!range.holds(key)) {\n            return false;",
                        "        if (key != null) {\n            return false;"),
                bug(
                        "a range that gave way to a write is compared all the same",
                        "pg/Scrub",
                        "        range.open(out);\n        choose(out);\n        return false;",
                        "        range.open(out);\n        return false;"),
                bug(
                        "writes under way are not waited for before a range is compared",
                        "pg/Scrub",
                        "                        pipeline.whenCommitted(\n                                quiet -> {\n                                    if (number == chosen) {\n                                        ask(kind.depth(), quiet);\n                                    }\n                                },\n                                then);",
                        "                        ask(kind.depth(), then);"),
                bug(
                        "an answer to an earlier question counts",
                        "pg/Scrub",
                        "examined.number() != number || !isAsking()",
                        "!isAsking()"),
                bug(
                        "a scrub ends before the last key",
                        "pg/Scrub",
                        "} else if (after.equals(PgInfo.COMPLETE)) {",
                        "} else if (after != null) {"),
                bug(
                                "a range is beyond repair after a few rounds",
                                "pg/Scrub",
                                "if (attempts.merge(key, 1, Integer::sum) <= MAX_ATTEMPTS) {",
                                "if (attempts.merge(key, 1, Integer::sum) > 0 && round < MAX_ATTEMPTS) {")
                        .in("osd.ScrubScenarioTest", "whatFlipsWhileARangeIsMendedIsMendedToo"),
                bug(
                        "what is beyond repair is not said",
                        "pg/ScrubSchedule",
                        "scrubbed(result.kind().depth(), result.unresolved(), out.wallMillis())",
                        "scrubbed(result.kind().depth(), 0, out.wallMillis())"),
                bug(
                        "others are not told what a scrub has come to",
                        "pg/ScrubSchedule",
                        "out.wallMillis()), out);\n        tellAll(out);",
                        "out.wallMillis()), out);"),
                bug(
                        "what is beyond repair counts as repaired",
                        "pg/Scrub",
                        "            leaveRange(differing.size(), out);",
                        "            leaveRange(0, out);"),
                bug(
                        "a deep scrub does not read bodies",
                        "store/StoreReader",
                        "                    if (depth == ScrubDepth.DEEP) {\n                        bodies.verify(extents);\n                    }\n",
                        ""),
                bug(
                        "a deep scrub does not read values",
                        "store/StoreReader",
                        "            canonical.raw(value);\n",
                        ""),
                bug(
                        "what is damaged is refused though others have it",
                        "pg/Repair",
                        "if (members.areNone()",
                        "if (!members.areNone()"),
                bug(
                        "writes go on while an entry is repaired",
                        "pg/Repair",
                        "return items.containsKey(key);",
                        "return false;"),
                bug(
                        "writes under way are not waited for before an entry is repaired",
                        "pg/Repair",
                        "pipeline.whenCommitted(then -> look(begun, then), out);",
                        "look(begun, out);"),
                bug(
                                "a primary reads without a lease",
                                "pg/ReadLease",
                                "return now - oldest < RELIED_ON_MILLIS;",
                                "return now - oldest < Long.MAX_VALUE / 4;")
                        .in("pg.ReadPromisesTest", "aLeaseIsReliedOnForLessThanWasPromised"),
                bug(
                                "others promise on while one of them is silent",
                                "pg/ReadLease",
                                "if (!isOneSilent || sent == oldest) {",
                                "if (sent >= oldest) {")
                        .in("pg.ReadPromisesTest", "nobodyPromisesAnythingAsLongAsAnotherIsSilent"),
                bug(
                                "a primary does not wait for the leases of earlier ones",
                                "pg/PlacementGroup",
                                "hasEnough() && (peering == null || handover",
                                "hasEnough() && (peering != null || handover")
                        .in("pg.ReadPromisesTest", "aPrimaryWaitsUntilNoEarlierOneCanBeReading"),
                bug(
                        "who is down counts as gone",
                        "pg/PlacementGroup",
                        "info != null && info.isGone()",
                        "info != null && !info.isUp()"),
                bug(
                                "an OSD that starts has promised nothing",
                                "pg/Handover",
                                "given = new ReadPromise(ReadPromise.SOMEBODY, ReadLease.MILLIS);",
                                "given = ReadPromise.NONE;")
                        .in("pg.HandoverTest", "oneThatHasStartedMayHavePromisedAnything"),
                bug("a copy is removed before it is given up", "pg/Removal", "        copy.giveUp();\n", "")
                        .in("pg.EndedIntervalsTest", "aCopySaysThatItHasNothingBeforeAnythingOfItGoes"),
                bug(
                                "a copy is forgotten while there are entries of it",
                                "pg/Removal",
                                "} else if (found.versions().isEmpty()) {",
                                "} else if (found != null) {")
                        .in("pg.EndedIntervalsTest", "aCopyIsForgottenWhenAllEntriesAreGone"),
                bug(
                                "strays are removed before all is clean",
                                "pg/peering/PrimaryPeering",
                                "    private void removeStrays(PeeringEffects out) {\n        if (isClean) {",
                                "    private void removeStrays(PeeringEffects out) {\n        if (true) {")
                        .in("pg.peering.PeeringScenarioTest", "strayIsKeptUntilAllIsClean"),
                bug(
                                "a promise is forgotten with the copy",
                                "pg/PlacementGroup",
                                "handover.left(out.nowMillis()).millis() == 0",
                                "handover.left(out.nowMillis()).millis() >= 0")
                        .in("pg.ReadPromisesTest", "aCopyIsNotForgottenBeforeWhatItsOsdHasPromised"),
                bug(
                                "an OSD that was down does not tell of its copy again",
                                "pg/peering/Peering",
                                "boolean comesUp = !map.isUp(osd)",
                                "boolean comesUp = map.isUp(osd) && !map.isUp(osd)")
                        .in("pg.peering.PeeringScenarioTest", "whoComesUpTellsOfItsCopyAgain"),
                bug(
                        "what is deleted still counts",
                        "store/CommitGroup",
                        "(now == null ? 0 : 1) - (old == null ? 0 : 1)",
                        "(now == null ? 0 : 1) - (old == null || now == null ? 0 : 1)"),
                bug(
                                "who remembers no differences sends a whole newer map, and it is taken",
                                "client/OsdMapChain",
                                "        return Optional.empty();",
                                "        return map.map(whole -> new MonMessage.OsdMaps(\n"
                                        + "                Optional.of(whole), List.of(), 1, whole.epoch()));")
                        .and(
                                "            if (!isNext(full.get(), maps.oldestEpoch())) {",
                                "            if (full.isEmpty()) {")
                        .in("client.OsdMapChainTest", "aWholeMapDoesNotLeaveOutWhatCanBeHad"),
                bug(
                                "who was alone has only what was written to",
                                "osd/Inventory",
                                "if (isOfShard.test(pg) && known.add(pg)) {",
                                "if (isOfShard.test(pg) && !known.add(pg)) {")
                        .in("osd.InventoryTest", "whoWasAloneHadAlsoWhatWasNeverUsedOfAPoolThatIsOlderThanItsMaps"),
                bug(
                                "another that was alone is taken for this OSD",
                                "osd/Inventory",
                                "return map != null && isOfThisStore(map) ? map : null;",
                                "return map;")
                        .in("osd.InventoryTest", "whoWasAloneHadAlsoWhatWasNeverUsedOfAPoolThatIsOlderThanItsMaps"),
                bug(
                                "a copy is begun by intervals that are not known to the end",
                                "osd/PlacementGroups",
                                "if (mapsFrom(notify.mapEpoch()).get(0).epoch() > notify.mapEpoch()) {",
                                "if (mapsFrom(notify.mapEpoch()).get(0).epoch() < 0) {")
                        .in("osd.OsdShardTest", "whoIsToldOfAPlacementGroupByAMapThatIsGoneAsksForANewerWord"),
                bug("who is down is heard", "osd/OsdShard", "return map.isUp(from) && message", "return message")
                        .in("osd.OsdShardTest", "whoIsDownIsHeardWhenItIsUpAgain"),
                bug(
                                "what one has said before it was up is heard",
                                "osd/OsdShard",
                                "map.isUp(from) && message.mapEpoch() >= map.osd(from).upFrom()",
                                "map.isUp(from)")
                        .in("osd.OsdShardTest", "whoIsDownIsHeardWhenItIsUpAgain"),
                bug(
                                "only who serves a placement group first makes it",
                                "osd/PgCreation",
                                "(isServedBy(osd, pg, first) || isServedBy(osd, pg, now))",
                                "isServedBy(osd, pg, first)")
                        .in("osd.PoolScenarioTest", "whoHasNeverHeardOfAPoolMakesItsPlacementGroups"),
                bug(
                                "what nobody tells of is not looked for",
                                "osd/PlacementGroups",
                                "if (!pools.isEmpty()) {",
                                "if (pools.size() > map.pools().size()) {")
                        .in("osd.PoolScenarioTest", "whoServesLaterMakesWhatNobodyHasMade"),
                bug(
                                "who makes a placement group does not ask what became of it before",
                                "osd/PgCreation",
                                "LocalCopy.created(pg, first.epoch())",
                                "LocalCopy.created(pg, now.epoch())")
                        .in("osd.PoolScenarioTest", "aPoolIsMadeWhenNobodyIsThere"),
                bug(
                                "a placement group counts as clean when its pool comes to be",
                                "pg/peering/LocalCopy",
                                "new PgHistory(epoch, epoch, epoch - 1, epoch);",
                                "new PgHistory(epoch, epoch, epoch, epoch);")
                        .in("osd.PoolScenarioTest", "whoHasNeverHeardOfAPoolMakesItsPlacementGroups"),
                bug(
                                "the only OSD has served when monitors have noted it as up",
                                "pg/peering/Interval",
                                "return wasActive || wasClean || lastMap.hasOneOsd()",
                                "return wasActive || wasClean")
                        .in("osd.OsdScenarioTest", "whatTheOnlyOsdHasServedIsWaitedFor"),
                bug(
                                "the last of several OSDs takes itself for the only one there has ever been",
                                "osd/OsdShard",
                                "return map.hasOneOsd() && !hasHadCompany;",
                                "return map.hasOneOsd();")
                        .in("osd.OsdScenarioTest", "theLastButOneIsRemoved"),
                bug(
                                "what the last of several OSDs is it forgets when it starts",
                                "osd/OsdShard",
                                "hasHadCompany = StoredCopy.hasAnyPeered(store, isOfShard);",
                                "hasHadCompany = false;")
                        .in("osd.OsdScenarioTest", "theLastOfSeveralIsNotAloneWhenItStarts"),
                bug(
                                "who was made again under its number is taken for the one before",
                                "pg/peering/PriorSet",
                                "!info.hadStoreIn(interval.first())",
                                "info.upFrom() < 0")
                        .in("osd.OsdScenarioTest", "whoWasMadeAgainUnderItsNumberHasNothingOfBefore"),
                bug(
                                "a replica has no more room than clients get",
                                "pg/Commits",
                                "isShared ? transaction.owed() : transaction",
                                "transaction")
                        .in("osd.OsdScenarioTest", "replicasThatAreFullTakeWhatPrimariesHaveLetIn"),
                bug(
                                "there is room for a write though others that are coming take it",
                                "store/SpaceGauge",
                                "now.freeExtentBytes() - extentsComing.get()",
                                "now.freeExtentBytes()")
                        .and("now.growableBytes() - logBytes - rowsComing.get()", "now.growableBytes()")
                        .in("osd.OsdScenarioTest", "moreWritesComeThanTheDiskHasRoomFor"),
                bug("what a removed pool had stays", "osd/PlacementGroups", "        removed.onTick(map, out);\n", "")
                        .in("osd.PoolScenarioTest", "aPoolIsRemovedInTheMidstOfRecovery"),
                bug(
                                "what a removed pool had stays where it is removed while its OSD is away",
                                "osd/RemovedPools",
                                "private boolean isAnythingLeft = true;",
                                "private boolean isAnythingLeft = false;")
                        .in("osd.PoolScenarioTest", "aRemovedPoolLeavesNothing"),
                bug(
                                "what the only OSD has not read of a removed pool stays",
                                "osd/RemovedPools",
                                "isAnythingLeft |= older.pools().stream().anyMatch(pool -> newer.pool(pool.id()) == null);",
                                "isAnythingLeft |= older.pools().isEmpty();")
                        .in("osd.PoolScenarioTest", "aRemovedPoolLeavesNothingOnTheOnlyOsd"),
                bug(
                                "a scrub that is wanted does not wait for its turn",
                                "pg/ScrubSchedule",
                                "next != null && reservation.isHeldFor(Work.SCRUB)",
                                "next != null && (wanted != null || reservation.isHeldFor(Work.SCRUB))")
                        .in("osd.ScrubScenarioTest", "scrubsThatAreWantedTakeTurns"),
                bug("a flag ends no scrub", "pg/Scrub", "isStopped = true", "isStopped = false")
                        .in("osd.ScrubScenarioTest", "aFlagEndsScrubsThatCameByThemselves"),
                bug(
                                "a flag ends a scrub that is wanted too",
                                "pg/ScrubSchedule",
                                "if (!isWanted && ScrubTimes.isForbidden",
                                "if (ScrubTimes.isForbidden")
                        .in("osd.ScrubScenarioTest", "aFlagEndsScrubsThatCameByThemselves"),
                bug(
                                "another store of an OSD counts as its own",
                                "osd/PastMaps",
                                "return then == null || (now != null && then.uuid().equals(now.uuid()));",
                                "return then == null || now != null;")
                        .in("osd.PastMapsTest", "aStoreProvesNothingOfATimeWhenItsOsdHadAnother"),
                bug(
                        "a turn that a primary gives back is kept by the other",
                        "pg/ReplicaReservation",
                        "message.attempt() == request.attempt()",
                        "message.attempt() < request.attempt()"),
                bug("a turn is kept when the interval ends", "pg/Turns", "        givenToRecover.end(out);\n", "")
                        .in("pg.ReservationTest", "whatWasGivenIsGivenBackWhenTheIntervalEnds"),
                bug(
                                "who waits for a turn is not told of it",
                                "osd/Reserver",
                                "            forget(pg);\n            goOn(out);",
                                "            forget(pg);")
                        .in("osd.ReserverTest", "turnsGoByPriorityAndAmongEqualsToWhoCameFirst"),
                bug(
                        "who is refused because another was too full never asks again",
                        "pg/PrimaryReservation",
                        "out.nowMillis() >= againMillis",
                        "out.nowMillis() < 0"),
                bug(
                        "who is preempted never asks again",
                        "pg/PrimaryReservation",
                        "out.count(\"pg: a reservation is taken back\");\n                again(out);",
                        "out.count(\"pg: a reservation is taken back\");\n                giveBack(out);"),
                bug(
                                "a turn that is lost with its connection is waited for",
                                "pg/PrimaryReservation",
                                "&& others.contains(osd)",
                                "&& others.isEmpty()")
                        .in("pg.ReservationTest", "aPrimaryAsksAnewWhenAConnectionBreaksThatItDependsOn"),
                bug(
                                "a write grows while some OSD is full",
                                "pg/PlacementGroup",
                                "return peering != null && map.isSet(OsdMapFlag.FULL);",
                                "return peering == null && map.isSet(OsdMapFlag.FULL);")
                        .in("osd.OsdScenarioTest", "aFullDiskPeersAndRemovalsMakeRoom"),
                bug(
                        "a copy of a request is carried out again",
                        "pg/Primary",
                        "        if (version != null) {\n            if (!pipeline",
                        "        if (version != null && version.version() == 0) {\n            if (!pipeline"),
                bug(
                                "a replica answers that something is not there",
                                "pg/ReplicaReads",
                                "answer.status() != ClassReply.OK",
                                "answer.status() < ClassReply.OK")
                        .in("pg.ReplicaReadsTest", "whatIsNotHereIsLeftToThePrimary"),
                bug(
                        "a replica answers with what is not written once",
                        "pg/ReplicaReads",
                        "method != null && method.access() == ObjectClass.Access.READ_CONSTANT",
                        "method != null && method.isReading()"),
                bug(
                                "a replica that is being filled answers as if it were whole",
                                "pg/Replica",
                                "return end.compareTo(copy.lastBackfill()) <= 0",
                                "return end.compareTo(Bytes.EMPTY) > 0")
                        .in("pg.ReplicaTest", "hasALocatorThatIsFilledToItsEnd"),
                bug(
                                "a replica answers from a locator of which it misses something",
                                "pg/Replica",
                                "copy.missing().items().subMap(begin, true, end, false).isEmpty()",
                                "copy.missing().items().subMap(begin, true, end, false).size() >= 0")
                        .in("pg.ReplicaTest", "hasALocatorOfWhichItMissesNothing"),
                bug(
                                "what is pushed to a replica counts as there before it is on disk",
                                "pg/Replica",
                                "if (!commits.isDurable(newestArrival)) {",
                                "if (newestArrival < 0) {")
                        .in("pg.ReplicaTest", "hasWhatIsPushedWhenThatIsOnDisk"),
                bug(
                                "what a replica finds damaged is not told",
                                "pg/ReplicaReads",
                                "            out.damaged(id, damage);\n",
                                "")
                        .in("pg.ReplicaReadsTest", "whatIsDamagedIsToldAndLeftToThePrimary"),
                bug(
                                "what a replica leaves goes to nobody",
                                "client/Objecter",
                                "        op.replica = NOBODY;\n        if (op.copies == 0) {",
                                "        op.replica = NOBODY;\n        if (op.copies < 0) {")
                        .in("client.ObjecterTest", "whatAReplicaLeavesGoesToThePrimaryAtOnce"),
                bug(
                                "a replica's refusal is taken for the primary's",
                                "client/Objecter",
                                "op.replica == osd && !(reply instanceof OsdMessage.OperationReply)",
                                "op.replica == osd && reply instanceof OsdMessage.WrongPrimary")
                        .in("client.ObjecterTest", "aRefusalOfAReplicaIsNoAnswer"));
    }

    private static PlantedBug bug(String name, String file, String right, String wrong) {
        return new PlantedBug(name, file + ".java", right, wrong);
    }
}
