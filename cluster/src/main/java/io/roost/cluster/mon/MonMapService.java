package io.roost.cluster.mon;

import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.paxos.MonMapRows;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.MonStoreException;
import io.roost.cluster.paxos.MonTransaction;
import io.roost.cluster.paxos.Quorum;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Who the monitors are, and who of them votes: always an odd number. */
final class MonMapService implements MonService {
    /** Most voters: each of them takes part in every decision. */
    private static final int MAX_VOTERS = 7;

    private final MonStore store;
    private final Quorum quorum;
    private final ClusterLog log;
    private MonMap map;
    private MonMap pending;

    MonMapService(MonStore store, Quorum quorum, ClusterLog log) {
        this.store = store;
        this.quorum = quorum;
        this.log = log;
        refresh();
    }

    /** The committed map. */
    MonMap map() {
        return map;
    }

    @Override
    public Prepared prepare(MonMessage.ToMonitor message, Clocks now) {
        if (!(message instanceof MonMessage.Command command)) {
            return Prepared.notMine();
        }
        try {
            if (command.command() instanceof MonCommand.AddMonitor add) {
                return add(command, add, now);
            } else if (command.command() instanceof MonCommand.RemoveMonitor remove) {
                return remove(command, remove, now);
            }
            return Prepared.notMine();
        } catch (IllegalArgumentException e) {
            return reply(command, MonCommand.Outcome.INVALID, e.getMessage());
        }
    }

    private MonMap pendingMap() {
        return pending == null ? map : pending;
    }

    private Prepared add(MonMessage.Command command, MonCommand.AddMonitor add, Clocks now) {
        List<MonMap.Monitor> monitors = new ArrayList<>(pendingMap().monitors());
        for (MonMap.Monitor monitor : monitors) {
            if (monitor.name().equals(add.name())) {
                return monitor.address().equals(add.address())
                        ? reply(command, MonCommand.Outcome.DONE, "no change")
                        : reply(command, MonCommand.Outcome.EXISTS, "there is another monitor " + add.name());
            }
        }
        monitors.add(new MonMap.Monitor(add.name(), add.address(), MonMap.Role.NON_VOTER));
        change(monitors, now);
        log.info("mon." + add.name() + " at " + add.address() + " joins");
        return reply(command, MonCommand.Outcome.DONE, "joins");
    }

    private Prepared remove(MonMessage.Command command, MonCommand.RemoveMonitor remove, Clocks now) {
        List<MonMap.Monitor> monitors = new ArrayList<>(pendingMap().monitors());
        if (!monitors.removeIf(monitor -> monitor.name().equals(remove.name()))) {
            return reply(command, MonCommand.Outcome.DONE, "no change");
        }
        List<MonMap.Monitor> voters = voters(monitors);
        if (voters.isEmpty()) {
            return reply(command, MonCommand.Outcome.INVALID, "mon." + remove.name() + " is the only one that votes");
        }
        if (voters.size() % 2 == 0) {
            leastNeeded(voters).ifPresent(voter -> setRole(monitors, voter.name(), MonMap.Role.NON_VOTER));
        }
        change(monitors, now);
        log.info("mon." + remove.name() + " is removed");
        return reply(command, MonCommand.Outcome.DONE, "removed");
    }

    /** Of an even number the one that is not in the quorum, or else the last in rank that does not lead. */
    private Optional<MonMap.Monitor> leastNeeded(List<MonMap.Monitor> voters) {
        return voters.stream()
                .filter(voter -> !voter.name().equals(quorum.leader()))
                .max(Comparator.comparing(
                        voter -> (quorum.members().contains(voter.name()) ? 0 : 1000) + voters.indexOf(voter)));
    }

    private static List<MonMap.Monitor> voters(List<MonMap.Monitor> monitors) {
        return monitors.stream()
                .filter(monitor -> monitor.role() == MonMap.Role.VOTER)
                .toList();
    }

    private static void setRole(List<MonMap.Monitor> monitors, String name, MonMap.Role role) {
        monitors.replaceAll(
                monitor -> monitor.name().equals(name) ? new MonMap.Monitor(name, monitor.address(), role) : monitor);
    }

    private void change(List<MonMap.Monitor> monitors, Clocks now) {
        pending = new MonMap(map.epoch() + 1, map.fsid(), now.wallMillis(), monitors);
    }

    private Prepared reply(MonMessage.Command command, MonCommand.Outcome outcome, String text) {
        MonMessage.CommandReply reply = new MonMessage.CommandReply(
                command.tid(), outcome, text, pendingMap().epoch());
        return pending == null ? Prepared.answered(reply) : Prepared.pending(reply);
    }

    /** Lets monitors vote that have caught up, so many that the voters are an odd number: two more, or four. */
    @Override
    public void onTick(Clocks now) {
        List<MonMap.Monitor> monitors = new ArrayList<>(map.monitors());
        List<String> ready = quorum.readyToVote(now.monotonicMillis()).stream()
                .filter(name -> map.rank(name) >= 0)
                .toList();
        int voters = voters(monitors).size();
        int more = Math.min(ready.size(), Math.max(0, MAX_VOTERS - voters));
        if ((voters + more) % 2 == 0) {
            more--;
        }
        if (more <= 0) {
            return;
        }
        List<String> promoted = ready.subList(0, more);
        promoted.forEach(name -> setRole(monitors, name, MonMap.Role.VOTER));
        change(monitors, now);
        log.info("monitors " + String.join(", ", promoted) + " vote from now on");
    }

    @Override
    public void encodePending(MonTransaction transaction, long wallMillis) {
        if (pending != null) {
            MonMapRows.write(transaction, pending);
            pending = null;
        }
    }

    /** The epoch after a map of one monitor, in which it listens elsewhere. */
    static MonMap moved(MonMap map, NodeAddress address, long nowMillis) {
        if (map.monitors().size() != 1) {
            throw new MonStoreException("only a sole monitor can be moved; there are " + map.monitors());
        }
        MonMap.Monitor sole = map.monitors().get(0);
        List<MonMap.Monitor> moved = new ArrayList<>();
        moved.add(new MonMap.Monitor(sole.name(), address, sole.role()));
        return new MonMap(map.epoch() + 1, map.fsid(), nowMillis, moved);
    }

    @Override
    public void refresh() {
        if (map == null || MonMapRows.epoch(store) > map.epoch()) {
            map = MonMapRows.read(store);
        }
    }
}
