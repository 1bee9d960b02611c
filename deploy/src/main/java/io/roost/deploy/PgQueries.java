package io.roost.deploy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgState;
import io.roost.cluster.map.Pool;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.message.PgHistory;
import io.roost.cluster.message.PgInfo;
import io.roost.cluster.message.PgInterval;
import io.roost.cluster.message.PgQuery;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What a primary says of its placement group, as JSON with what it waits for in words; names are those of {@code pg ls}. */
final class PgQueries {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private PgQueries() {}

    /** What comparing copies has come to; the first dates, before the first scrub, say since when it was to come. */
    static void putScrubs(ObjectNode item, ScrubHistory scrubs) {
        item.put("scrubErrors", scrubs.errors())
                .put("lastScrub", date(scrubs.lastMillis()))
                .put("lastDeepScrub", date(scrubs.lastDeepMillis()));
    }

    private static String date(long millis) {
        return millis == 0
                ? "-"
                : Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** The answer to {@code roost pg query}. */
    static ObjectNode json(PgId pg, PgQuery query, OsdMap map) {
        ObjectNode answer = JSON.objectNode()
                .put("pg", pg.toString())
                .put("state", PgState.text(query.states()))
                .put("mapEpoch", query.epoch())
                .put("up", query.mapping().up().toString())
                .put("acting", query.mapping().acting().toString())
                .put("primary", query.mapping().primary());
        if (!query.phase().isEmpty()) {
            answer.put("peering", query.phase());
        }
        if (!query.copies().isEmpty()) {
            PgHistory history = query.copies().get(0).info().history();
            answer.put("epochCreated", history.epochCreated())
                    .put("sameIntervalSince", history.sameIntervalSince())
                    .put("lastEpochStarted", history.lastEpochStarted())
                    .put("lastEpochClean", history.lastEpochClean());
        }
        putScrubs(answer, query.scrubs());
        answer.put("unfound", query.unfound()).put("reservation", query.reservation());
        ArrayNode waits = answer.putArray("waitsFor");
        waitsFor(query, map.pool(pg.pool())).forEach(waits::add);
        answer.set("blockedBy", osds(query.blockedBy()));
        answer.set("downOsdsWeWouldProbe", osds(query.downOsds()));
        ArrayNode copies = answer.putArray("copies");
        query.copies().forEach(copy -> copies.add(copy(copy, query)));
        ArrayNode intervals = answer.putArray("pastIntervals");
        for (PgInterval interval : query.pastIntervals()) {
            intervals
                    .addObject()
                    .put("first", interval.first())
                    .put("last", interval.last())
                    .put("acting", interval.acting().toString())
                    .put("primary", interval.primary());
        }
        return answer;
    }

    private static ArrayNode osds(Collection<Integer> osds) {
        ArrayNode list = JSON.arrayNode();
        osds.forEach(osd -> list.add("osd." + osd));
        return list;
    }

    private static ObjectNode copy(PgQuery.Copy copy, PgQuery query) {
        PgInfo info = copy.info();
        String role = "stray";
        if (copy.osd() == query.mapping().primary()) {
            role = "primary";
        } else if (query.mapping().acting().contains(copy.osd())) {
            role = "acting";
        } else if (query.mapping().up().contains(copy.osd())) {
            role = "up";
        }
        return JSON.objectNode()
                .put("osd", copy.osd())
                .put("role", role)
                .put("lastUpdate", info.lastUpdate().toString())
                .put("logTail", info.logTail().toString())
                .put("filled", info.isComplete() ? "whole" : info.lastBackfill().isEmpty() ? "nothing" : "in part")
                .put("missing", copy.missing())
                .put("lastEpochStarted", info.lastEpochStarted());
    }

    /** In words, each with what to do about it when that is somebody's to do. */
    static List<String> waitsFor(PgQuery query, Pool pool) {
        List<String> waits = new ArrayList<>();
        for (int osd : query.asked()) {
            waits.add("an answer of osd." + osd);
        }
        switch (query.phase()) {
            case "wait_up_thru" ->
                waits.add("the monitors to note that osd." + query.mapping().primary() + " is up");
            case "wait_acting_change" -> waits.add("the monitors to let others act");
            case "unknown" -> waits.add("word of it from an OSD that has it");
            case "incomplete" ->
                waits.add("an OSD with all that was acknowledged: none of those that are up has a whole copy");
            default -> {
                // Nothing that is not told by its OSDs.
            }
        }
        if (!query.blockedBy().isEmpty()) {
            waits.add("one of " + names(query.blockedBy())
                    + ", which may have writes that no other has: start it, or, if it is lost, roost osd lost");
        }
        if (query.states().contains(PgState.PEERED)) {
            waits.add(
                    pool.minSize() - query.mapping().acting().size() + " more OSDs: it serves with " + pool.minSize());
        }
        if (query.states().contains(PgState.WAIT)) {
            waits.add("what its OSDs have promised to an earlier primary to end, a second at most");
        }
        if (query.unfound() > 0) {
            waits.add("OSDs with " + query.unfound() + " entries that nobody who is up has"
                    + (query.downOsds().isEmpty() ? "" : ": start " + names(query.downOsds())));
        }
        switch (query.reservation()) {
            case "local_wait" ->
                waits.add("its turn to copy from osd." + query.mapping().primary());
            case "remote_wait" -> waits.add("its turn to copy to " + names(query.reservationAwaits()));
            case "too_full" -> waits.add("space on the OSD that is to be filled: add OSDs, or delete something");
            default -> {
                // It copies, or there is nothing to copy.
            }
        }
        return waits;
    }

    private static String names(Collection<Integer> osds) {
        return String.join(", ", osds.stream().map(osd -> "osd." + osd).toList());
    }
}
