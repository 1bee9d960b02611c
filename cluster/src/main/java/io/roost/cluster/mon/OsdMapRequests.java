package io.roost.cluster.mon;

import io.roost.cluster.crush.CrushRule;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.Pool;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Turns messages of OSDs and administrators into changes of the OSD map. */
final class OsdMapRequests {
    private final OsdMapService service;

    OsdMapRequests(OsdMapService service) {
        this.service = service;
    }

    Prepared prepare(MonMessage.ToMonitor message, long nowMillis) {
        if (message instanceof MonMessage.OsdBoot boot) {
            return boot(boot, nowMillis);
        } else if (message instanceof MonMessage.OsdAlive alive) {
            return alive(alive, nowMillis);
        } else if (message instanceof MonMessage.OsdStopping stopping) {
            return stopping(stopping, nowMillis);
        } else if (message instanceof MonMessage.OsdBeacon beacon) {
            if (service.map().osd(beacon.osd()) != null) {
                service.onBeacon(beacon.osd(), beacon.minLastEpochClean());
            }
            return Prepared.answered();
        } else if (message instanceof MonMessage.Command command) {
            return command(command, nowMillis);
        }
        return Prepared.notMine();
    }

    private Prepared boot(MonMessage.OsdBoot boot, long nowMillis) {
        OsdMap map = service.pendingMap();
        OsdInfo osd = map.osd(boot.osd());
        Optional<String> refusal = refusal(boot, osd, map);
        if (refusal.isPresent()) {
            return Prepared.answered(new MonMessage.OsdBootRefused(boot.osd(), refusal.get()));
        }
        if (osd.isUp()) {
            if (osd.clusterAddress().equals(boot.clusterAddress())) {
                return Prepared.answered();
            }
            // The map still shows an earlier life up; its end must be an epoch of its own, so that every placement
            // group sees a new interval.
            service.change(new OsdMapChange.PutOsd(osd.down(service.pendingEpoch())), nowMillis);
            return Prepared.again();
        }
        if (osd.downAt() == service.pendingEpoch()) {
            return Prepared.again();
        }
        service.change(
                new OsdMapChange.PutOsd(osd.up(
                        service.pendingEpoch(),
                        boot.uuid(),
                        boot.publicAddress(),
                        boot.clusterAddress(),
                        boot.features())),
                nowMillis);
        return Prepared.pending();
    }

    private static Optional<String> refusal(MonMessage.OsdBoot boot, OsdInfo osd, OsdMap map) {
        if (osd == null) {
            return Optional.of("osd." + boot.osd() + " does not exist");
        }
        if (!osd.uuid().equals(OsdInfo.NO_UUID) && !osd.uuid().equals(boot.uuid())) {
            return Optional.of("osd." + boot.osd() + " has store " + osd.uuid() + ", not " + boot.uuid());
        }
        if (boot.newestEpoch() > map.epoch()) {
            return Optional.of("the store knows epoch " + boot.newestEpoch() + ", the monitors only " + map.epoch()
                    + ": it belongs to another cluster, or the monitors lost data");
        }
        if (boot.newestEpoch() < osd.upThru()) {
            return Optional.of("the store knows epoch " + boot.newestEpoch() + ", but served in epoch " + osd.upThru()
                    + ": it was set back to an older state");
        }
        if (map.isSet(OsdMapFlag.NOUP)) {
            return Optional.of("noup is set");
        }
        return Optional.empty();
    }

    private Prepared alive(MonMessage.OsdAlive alive, long nowMillis) {
        OsdInfo osd = service.pendingMap().osd(alive.osd());
        boolean current = osd != null && osd.isUp() && osd.clusterAddress().equals(alive.clusterAddress());
        if (!current
                || osd.upThru() >= alive.wantedUpThru()
                || alive.wantedUpThru() > service.map().epoch()) {
            return Prepared.answered();
        }
        service.change(new OsdMapChange.PutOsd(osd.withUpThru(alive.wantedUpThru())), nowMillis);
        return Prepared.pending();
    }

    private Prepared stopping(MonMessage.OsdStopping stopping, long nowMillis) {
        OsdMap map = service.pendingMap();
        OsdInfo osd = map.osd(stopping.osd());
        boolean current = osd != null && osd.isUp() && osd.clusterAddress().equals(stopping.clusterAddress());
        if (!current || map.isSet(OsdMapFlag.NODOWN)) {
            return Prepared.answered();
        }
        service.change(new OsdMapChange.PutOsd(osd.down(service.pendingEpoch())), nowMillis);
        return Prepared.pending();
    }

    private Prepared command(MonMessage.Command message, long nowMillis) {
        MonCommand command = message.command();
        try {
            if (command instanceof MonCommand.CreatePool create) {
                return createPool(message, create, nowMillis);
            } else if (command instanceof MonCommand.RemovePool remove) {
                return removePool(message, remove, nowMillis);
            } else if (command instanceof MonCommand.SetOsdWeight set) {
                return setOsdWeight(message, set, nowMillis);
            } else if (command instanceof MonCommand.SetFlag set) {
                return setFlag(message, set, nowMillis);
            } else if (command instanceof MonCommand.SetCrush set) {
                if (set.crush().equals(service.pendingMap().state().crush())) {
                    return unchanged(message);
                }
                return changed(message, new OsdMapChange.SetCrush(set.crush()), nowMillis);
            }
            return Prepared.notMine();
        } catch (IllegalArgumentException e) {
            return failed(message, MonCommand.Outcome.INVALID, e.getMessage());
        }
    }

    private Prepared createPool(MonMessage.Command message, MonCommand.CreatePool create, long nowMillis) {
        OsdMap map = service.pendingMap();
        Optional<CrushRule> rule = map.state().crush().rule(create.rule());
        if (rule.isEmpty()) {
            return failed(message, MonCommand.Outcome.NOT_FOUND, "no rule " + create.rule());
        }
        int minSize = create.minSize() == 0 ? create.size() - create.size() / 2 : create.minSize();
        Pool existing = map.pool(create.name());
        long id = existing == null ? map.state().lastPool() + 1 : existing.id();
        Pool pool = new Pool(
                id,
                create.name(),
                Pool.Type.REPLICATED,
                create.size(),
                minSize,
                create.pgNum(),
                create.pgNum(),
                rule.get().id(),
                Set.of(Pool.Flag.HASHPSPOOL),
                existing == null ? service.pendingEpoch() : existing.lastChange());
        if (pool.equals(existing)) {
            return unchanged(message);
        }
        if (existing != null) {
            return failed(message, MonCommand.Outcome.EXISTS, "there is another pool " + create.name());
        }
        return changed(message, new OsdMapChange.PutPool(pool), nowMillis);
    }

    private Prepared removePool(MonMessage.Command message, MonCommand.RemovePool remove, long nowMillis) {
        Pool pool = service.pendingMap().pool(remove.name());
        if (pool == null) {
            return unchanged(message);
        }
        if (pool.flags().contains(Pool.Flag.NODELETE)) {
            return failed(message, MonCommand.Outcome.INVALID, "pool " + remove.name() + " cannot be removed");
        }
        return changed(message, new OsdMapChange.RemovePool(pool.id()), nowMillis);
    }

    private Prepared setOsdWeight(MonMessage.Command message, MonCommand.SetOsdWeight set, long nowMillis) {
        OsdInfo osd = service.pendingMap().osd(set.osd());
        if (osd == null) {
            return failed(message, MonCommand.Outcome.NOT_FOUND, "no osd." + set.osd());
        }
        if (osd.weight() == set.weight()) {
            return unchanged(message);
        }
        return changed(message, new OsdMapChange.PutOsd(osd.withWeight(set.weight())), nowMillis);
    }

    private Prepared setFlag(MonMessage.Command message, MonCommand.SetFlag set, long nowMillis) {
        Set<OsdMapFlag> flags = EnumSet.noneOf(OsdMapFlag.class);
        flags.addAll(service.pendingMap().state().flags());
        boolean changes = set.value() == MonCommand.Switch.ON ? flags.add(set.flag()) : flags.remove(set.flag());
        return changes ? changed(message, new OsdMapChange.SetFlags(flags), nowMillis) : unchanged(message);
    }

    private Prepared changed(MonMessage.Command message, OsdMapChange change, long nowMillis) {
        service.change(change, nowMillis);
        return Prepared.pending(
                new MonMessage.CommandReply(message.tid(), MonCommand.Outcome.DONE, "done", service.pendingEpoch()));
    }

    private Prepared unchanged(MonMessage.Command message) {
        // With a change like it pending, it is so only in the epoch to come.
        MonMessage.CommandReply reply = new MonMessage.CommandReply(
                message.tid(),
                MonCommand.Outcome.DONE,
                "no change",
                service.pendingMap().epoch());
        return service.isPending() ? Prepared.pending(reply) : Prepared.answered(reply);
    }

    private static Prepared failed(MonMessage.Command message, MonCommand.Outcome outcome, String text) {
        return Prepared.answered(new MonMessage.CommandReply(message.tid(), outcome, text, 0));
    }
}
