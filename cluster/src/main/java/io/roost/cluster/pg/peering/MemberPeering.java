package io.roost.cluster.pg.peering;

import io.roost.cluster.machine.Invariant;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgMapping;
import io.roost.cluster.message.PeeringMessage;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.log.LogEntry;
import java.util.List;
import java.util.Optional;

/** An interval's peering on an OSD that has a copy and is not the primary: it tells what it has, and does as it is told. */
final class MemberPeering {
    private final PgId pg;
    private final LocalCopy copy;
    private final LogReads logReads;
    private final PgMapping mapping;
    private OsdMap map;
    private PeeringPhase phase = PeeringPhase.STRAY;
    private PeeringMessage.Activate activating;
    private long reading = LogReads.NONE;

    MemberPeering(PgId pg, LocalCopy copy, LogReads logReads, OsdMap map, PgMapping mapping) {
        this.pg = pg;
        this.copy = copy;
        this.logReads = logReads;
        this.map = map;
        this.mapping = mapping;
    }

    PeeringPhase phase() {
        return phase;
    }

    void begin(PeeringEffects out) {
        if (mapping.primary() != OsdMap.NO_OSD) {
            out.send(
                    mapping.primary(),
                    new PeeringMessage.Notify(
                            pg, map.epoch(), copy.history().sameIntervalSince(), copy.info(), copy.pastIntervals()));
        }
    }

    void onMap(OsdMap next) {
        map = next;
    }

    void onReset(PeeringEffects out) {
        if (phase == PeeringPhase.REPLICA_ACTIVE) {
            out.send(mapping.primary(), new PeeringMessage.Activated(pg, map.epoch(), activating.interval()));
        } else {
            begin(out);
        }
    }

    void onMessage(PeeringMessage message, PeeringEffects out) {
        if (message instanceof PeeringMessage.Activate activate) {
            onActivate(activate, out);
        } else if (message instanceof PeeringMessage.HistoryUpdate update) {
            copy.learn(update.history());
            copy.persist(out);
        } else if (message instanceof PeeringMessage.Remove && phase == PeeringPhase.STRAY) {
            out.remove(pg);
        }
    }

    private void onActivate(PeeringMessage.Activate activate, PeeringEffects out) {
        if (activating != null) {
            // It came before. Changes may have followed it, so it must not be carried out again.
            if (phase == PeeringPhase.REPLICA_ACTIVE) {
                out.send(mapping.primary(), new PeeringMessage.Activated(pg, map.epoch(), activate.interval()));
            }
            return;
        }
        activating = activate;
        List<LogEntry> entries =
                activate.entries().stream().map(LogEntry::decode).toList();
        ObjectVersion head = copy.log().head();
        boolean isContained = head.equals(activate.since())
                || entries.stream().anyMatch(entry -> entry.version().equals(head));
        if (activate.start() == PeeringMessage.Start.BACKFILL) {
            out.count("backfill from scratch");
            copy.startOver(activate.since(), entries);
            activated(out);
        } else if (isContained) {
            merge(List.of(), head, entries, out);
        } else {
            out.count("divergent replica");
            reading = logReads.ask(copy.log().floor(activate.since()), out);
        }
    }

    void onLogRead(long token, List<LogEntry> own, PeeringEffects out) {
        if (token == reading) {
            reading = LogReads.NONE;
            List<LogEntry> entries =
                    activating.entries().stream().map(LogEntry::decode).toList();
            merge(own, copy.log().floor(activating.since()), entries, out);
        }
    }

    private void merge(List<LogEntry> own, ObjectVersion ownSince, List<LogEntry> entries, PeeringEffects out) {
        Optional<LogMerge> merge = LogMerge.of(own, ownSince, entries, activating.since());
        Invariant.check(merge.isPresent(), "a replica's log meets that of its primary, which has compared them");
        copy.apply(merge.get());
        activated(out);
    }

    private void activated(PeeringEffects out) {
        Invariant.check(
                copy.log().head().equals(activating.info().lastUpdate()),
                "the log of a replica ends as its primary's: " + copy.log().head() + " and "
                        + activating.info().lastUpdate());
        // By which all is said that follows. Where maps are gone, not everyone knows since when it is.
        copy.intervalBegan(activating.interval());
        copy.learn(activating.info().history());
        copy.activatedAt(activating.info().lastEpochStarted());
        phase = PeeringPhase.REPLICA_ACTIVE;
        out.activateReplica(pg, mapping.primary());
        copy.persist(out);
        out.send(mapping.primary(), new PeeringMessage.Activated(pg, map.epoch(), activating.interval()));
    }
}
