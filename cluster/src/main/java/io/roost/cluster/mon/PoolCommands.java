package io.roost.cluster.mon;

import io.roost.cluster.crush.CrushRule;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.Pool;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Commands about pools, and what follows from them when placement groups are clean. */
final class PoolCommands {
    private final OsdMapService service;
    private final OsdMapCommands commands;

    PoolCommands(OsdMapService service, OsdMapCommands commands) {
        this.service = service;
        this.commands = commands;
    }

    Prepared prepare(MonMessage.Command message, Clocks now) {
        MonCommand command = message.command();
        if (command instanceof MonCommand.CreatePool create) {
            return createPool(message, create, now);
        } else if (command instanceof MonCommand.RemovePool remove) {
            return removePool(message, remove, now);
        } else if (command instanceof MonCommand.SetPoolSize set) {
            return setSize(message, set, now);
        } else if (command instanceof MonCommand.SetPoolMinSize set) {
            return setMinSize(message, set, now);
        }
        return Prepared.notMine();
    }

    private Prepared createPool(MonMessage.Command message, MonCommand.CreatePool create, Clocks now) {
        OsdMap map = service.pendingMap();
        Optional<CrushRule> rule = map.state().crush().rule(create.rule());
        if (rule.isEmpty()) {
            return OsdMapCommands.failed(message, MonCommand.Outcome.NOT_FOUND, "no rule " + create.rule());
        }
        int minSize = create.minSize() == 0 ? usualMinSize(create.size()) : create.minSize();
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
            return commands.unchanged(message);
        }
        if (existing != null) {
            return OsdMapCommands.failed(message, MonCommand.Outcome.EXISTS, "there is another pool " + create.name());
        }
        return commands.changed(message, new OsdMapChange.PutPool(pool), now);
    }

    private Prepared removePool(MonMessage.Command message, MonCommand.RemovePool remove, Clocks now) {
        Pool pool = service.pendingMap().pool(remove.name());
        if (pool == null) {
            return commands.unchanged(message);
        }
        if (pool.flags().contains(Pool.Flag.NODELETE)) {
            return OsdMapCommands.failed(
                    message, MonCommand.Outcome.INVALID, "pool " + remove.name() + " cannot be removed");
        }
        return commands.changed(message, new OsdMapChange.RemovePool(pool.id()), now);
    }

    /** Fewest replicas with which a pool of a size serves, if nobody says otherwise: more than half. */
    private static int usualMinSize(int size) {
        return size - size / 2;
    }

    private Prepared setSize(MonMessage.Command message, MonCommand.SetPoolSize set, Clocks now) {
        Pool pool = service.pendingMap().pool(set.pool());
        if (pool == null) {
            return OsdMapCommands.failed(message, MonCommand.Outcome.NOT_FOUND, "no pool " + set.pool());
        }
        if (pool.size() == set.size()) {
            return commands.unchanged(message);
        }
        int minSize = Math.min(pool.minSize(), set.size());
        // Raised at once, min_size would stop every placement group until it has its further replicas.
        boolean rises = minSize < usualMinSize(set.size()) && pool.minSize() == usualMinSize(pool.size());
        return commands.changed(message, put(pool, set.size(), minSize, rises), now);
    }

    private Prepared setMinSize(MonMessage.Command message, MonCommand.SetPoolMinSize set, Clocks now) {
        Pool pool = service.pendingMap().pool(set.pool());
        if (pool == null) {
            return OsdMapCommands.failed(message, MonCommand.Outcome.NOT_FOUND, "no pool " + set.pool());
        }
        if (set.minSize() == 1 && pool.size() > 1 && set.consent() == MonCommand.Consent.NONE) {
            return OsdMapCommands.failed(
                    message,
                    MonCommand.Outcome.INVALID,
                    "with min_size 1 the loss of one disk can be the loss of acknowledged writes");
        }
        if (pool.minSize() == set.minSize() && !pool.flags().contains(Pool.Flag.MIN_SIZE_RISES)) {
            return commands.unchanged(message);
        }
        return commands.changed(message, put(pool, pool.size(), set.minSize(), false), now);
    }

    private OsdMapChange put(Pool pool, int size, int minSize, boolean rises) {
        Set<Pool.Flag> flags = EnumSet.noneOf(Pool.Flag.class);
        flags.addAll(pool.flags());
        flags.remove(Pool.Flag.MIN_SIZE_RISES);
        if (rises) {
            flags.add(Pool.Flag.MIN_SIZE_RISES);
        }
        return new OsdMapChange.PutPool(new Pool(
                pool.id(),
                pool.name(),
                pool.type(),
                size,
                minSize,
                pool.pgNum(),
                pool.pgpNum(),
                pool.crushRule(),
                flags,
                service.pendingEpoch()));
    }

    /** Raises min_size where everything has the replicas that it shall have. */
    void onTick(Clocks now) {
        OsdMap map = service.pendingMap();
        for (Pool pool : List.copyOf(map.pools())) {
            if (pool.flags().contains(Pool.Flag.MIN_SIZE_RISES)
                    && service.stats().isClean(pool, map)) {
                service.change(put(pool, pool.size(), usualMinSize(pool.size()), false), now);
                commands.log().info("pool " + pool.name() + ": all is clean, min_size is " + usualMinSize(pool.size()));
            }
        }
    }
}
