package io.roost.cluster.mon;

import io.roost.cluster.crush.CrushDevice;
import io.roost.cluster.crush.CrushEdit;
import io.roost.cluster.crush.CrushItem;
import io.roost.cluster.crush.CrushMap;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Turns commands of administrators into changes of the OSD map. */
final class OsdMapCommands {
    private final OsdMapService service;
    private final ClusterLog log;
    private final PoolCommands pools;

    OsdMapCommands(OsdMapService service, ClusterLog log) {
        this.service = service;
        this.log = log;
        pools = new PoolCommands(service, this);
    }

    ClusterLog log() {
        return log;
    }

    /** About a second has passed. */
    void onTick(Clocks now) {
        pools.onTick(now);
    }

    Prepared prepare(MonMessage.Command message, Clocks now) {
        MonCommand command = message.command();
        try {
            Prepared ofPools = pools.prepare(message, now);
            if (ofPools.kind() != Prepared.Kind.NOT_MINE) {
                return ofPools;
            }
            if (command instanceof MonCommand.SetOsdWeight set) {
                return setOsdWeight(message, set, now);
            } else if (command instanceof MonCommand.CreateOsd create) {
                return createOsd(message, create, now);
            } else if (command instanceof MonCommand.MarkOsdDown mark) {
                return markOsdDown(message, mark, now);
            } else if (command instanceof MonCommand.DeclareOsdLost declare) {
                return declareOsdLost(message, declare, now);
            } else if (command instanceof MonCommand.PurgeOsd purge) {
                return purgeOsd(message, purge, now);
            } else if (command instanceof MonCommand.SetBlocklisted set) {
                return setBlocklisted(message, set, now);
            } else if (command instanceof MonCommand.EditCrush edit) {
                return setCrush(message, edit.edit().applied(crush()), now);
            } else if (command instanceof MonCommand.SetFlag set) {
                return setFlag(message, set, now);
            } else if (command instanceof MonCommand.SetCrush set) {
                return setCrush(message, set.crush(), now);
            }
            return Prepared.notMine();
        } catch (IllegalArgumentException e) {
            return failed(message, MonCommand.Outcome.INVALID, e.getMessage());
        }
    }

    private CrushMap crush() {
        return service.pendingMap().state().crush();
    }

    private Prepared setCrush(MonMessage.Command message, CrushMap changed, Clocks now) {
        return changed.equals(crush()) ? unchanged(message) : changed(message, new OsdMapChange.SetCrush(changed), now);
    }

    private Prepared createOsd(MonMessage.Command message, MonCommand.CreateOsd create, Clocks now) {
        OsdMap map = service.pendingMap();
        for (OsdInfo osd : map.osds()) {
            if (osd.uuid().equals(create.uuid())) {
                return unchanged(message, "osd." + osd.id());
            }
        }
        int id = 0;
        while (map.osd(id) != null || hasDevice(id)) {
            id++;
        }
        OsdInfo osd = OsdInfo.created(id, create.uuid());
        CrushDevice device = new CrushDevice(id, "osd." + id, create.deviceClass());
        CrushMap changed = new CrushEdit.AddDevice(device, create.host(), create.weight()).applied(crush());
        Prepared prepared = changed(
                message, "osd." + id, List.of(new OsdMapChange.PutOsd(osd), new OsdMapChange.SetCrush(changed)), now);
        service.lives().inWhenUp(id, map.isSet(OsdMapFlag.NOIN) ? 0 : CrushItem.ONE);
        return prepared;
    }

    private boolean hasDevice(int id) {
        return crush().devices().stream().anyMatch(device -> device.id() == id);
    }

    private Prepared markOsdDown(MonMessage.Command message, MonCommand.MarkOsdDown mark, Clocks now) {
        OsdInfo osd = service.pendingMap().osd(mark.osd());
        if (osd == null) {
            return failed(message, MonCommand.Outcome.NOT_FOUND, "no osd." + mark.osd());
        }
        if (!osd.isUp() || osd.upFrom() != mark.upFrom()) {
            return unchanged(message);
        }
        service.lives().onEndedByHand(osd.id());
        return changed(message, new OsdMapChange.PutOsd(osd.down(service.pendingEpoch())), now);
    }

    private Prepared declareOsdLost(MonMessage.Command message, MonCommand.DeclareOsdLost declare, Clocks now) {
        OsdInfo osd = service.pendingMap().osd(declare.osd());
        if (osd == null) {
            return failed(message, MonCommand.Outcome.NOT_FOUND, "no osd." + declare.osd());
        }
        if (osd.isUp()) {
            return failed(message, MonCommand.Outcome.INVALID, "osd." + osd.id() + " is up");
        }
        if (osd.lostAt() == osd.downAt()) {
            return unchanged(message);
        }
        return changed(message, new OsdMapChange.PutOsd(osd.lost()), now);
    }

    private Prepared purgeOsd(MonMessage.Command message, MonCommand.PurgeOsd purge, Clocks now) {
        OsdMap map = service.pendingMap();
        OsdInfo osd = map.osd(purge.osd());
        if (osd == null) {
            return unchanged(message);
        }
        if (osd.isUp() || osd.isIn()) {
            return failed(
                    message,
                    MonCommand.Outcome.INVALID,
                    "osd." + osd.id() + " is not down and out: osd out, then stop it");
        }
        if (purge.consent() == MonCommand.Consent.NONE && !service.stats().isClean(map)) {
            return failed(
                    message,
                    MonCommand.Outcome.INVALID,
                    "not all placement groups are active+clean: osd." + osd.id()
                            + " may have the only copy of something");
        }
        List<OsdMapChange> changes = new ArrayList<>(List.of(new OsdMapChange.RemoveOsd(osd.id())));
        if (hasDevice(osd.id())) {
            changes.add(new OsdMapChange.SetCrush(new CrushEdit.RemoveDevice(osd.id()).applied(crush())));
        }
        Prepared prepared = changed(message, "osd." + osd.id() + " is no more", changes, now);
        service.lives().forget(osd.id());
        return prepared;
    }

    private Prepared setBlocklisted(MonMessage.Command message, MonCommand.SetBlocklisted set, Clocks now) {
        long until = service.pendingMap().state().blocklist().getOrDefault(set.client(), 0L);
        return until == set.untilMillis()
                ? unchanged(message)
                : changed(message, new OsdMapChange.SetBlocklisted(set.client(), set.untilMillis()), now);
    }

    private Prepared setOsdWeight(MonMessage.Command message, MonCommand.SetOsdWeight set, Clocks now) {
        OsdInfo osd = service.pendingMap().osd(set.osd());
        if (osd == null) {
            return failed(message, MonCommand.Outcome.NOT_FOUND, "no osd." + set.osd());
        }
        if (osd.weight() == set.weight() && !service.lives().isInWhenUp(osd.id())) {
            return unchanged(message);
        }
        Prepared prepared = changed(message, new OsdMapChange.PutOsd(osd.withWeight(set.weight())), now);
        service.lives().inWhenUp(osd.id(), 0);
        return prepared;
    }

    private Prepared setFlag(MonMessage.Command message, MonCommand.SetFlag set, Clocks now) {
        if (set.flag() == OsdMapFlag.FULL) {
            return failed(message, MonCommand.Outcome.INVALID, "full is set while an OSD is full, and by nobody else");
        }
        Set<OsdMapFlag> flags = EnumSet.noneOf(OsdMapFlag.class);
        flags.addAll(service.pendingMap().state().flags());
        boolean changes = set.value() == MonCommand.Switch.ON ? flags.add(set.flag()) : flags.remove(set.flag());
        return changes ? changed(message, new OsdMapChange.SetFlags(flags), now) : unchanged(message);
    }

    Prepared changed(MonMessage.Command message, OsdMapChange change, Clocks now) {
        return changed(message, "done", List.of(change), now);
    }

    private Prepared changed(MonMessage.Command message, String text, List<OsdMapChange> changes, Clocks now) {
        service.changeAll(changes, now);
        log.info("by command: " + message.command());
        return Prepared.pending(
                new MonMessage.CommandReply(message.tid(), MonCommand.Outcome.DONE, text, service.pendingEpoch()));
    }

    Prepared unchanged(MonMessage.Command message) {
        return unchanged(message, "no change");
    }

    private Prepared unchanged(MonMessage.Command message, String text) {
        // With a change like it pending, it is so only in the epoch to come.
        MonMessage.CommandReply reply = new MonMessage.CommandReply(
                message.tid(),
                MonCommand.Outcome.DONE,
                text,
                service.pendingMap().epoch());
        return service.isPending() ? Prepared.pending(reply) : Prepared.answered(reply);
    }

    static Prepared failed(MonMessage.Command message, MonCommand.Outcome outcome, String text) {
        return Prepared.answered(new MonMessage.CommandReply(message.tid(), outcome, text, 0));
    }
}
