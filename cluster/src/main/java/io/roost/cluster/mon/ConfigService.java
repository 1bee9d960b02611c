package io.roost.cluster.mon;

import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.paxos.MonKey;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.MonStoreException;
import io.roost.cluster.paxos.MonTransaction;
import io.roost.cluster.wire.MapCodec;
import java.util.Optional;

/** The cluster-wide settings. */
final class ConfigService implements MonService {
    static final String PREFIX = "config";
    static final MonKey LAST = MonKey.of(PREFIX, "last_committed");
    static final MonKey SETTINGS = MonKey.of(PREFIX, "settings");

    private final MonStore store;
    private ClusterConfig config;
    private ClusterConfig pending;

    ConfigService(MonStore store) {
        this.store = store;
        refresh();
    }

    /** The committed settings. */
    ClusterConfig config() {
        return config;
    }

    @Override
    public Prepared prepare(MonMessage.ToMonitor message, Clocks now) {
        if (!(message instanceof MonMessage.Command command)) {
            return Prepared.notMine();
        }
        ClusterConfig before = pending == null ? config : pending;
        if (command.command() instanceof MonCommand.CreateToken create) {
            return decided(command, before, NodeAdmission.create(before, create, now.wallMillis()));
        } else if (command.command() instanceof MonCommand.AdmitNode admit) {
            return decided(command, before, NodeAdmission.admit(before, admit, now.wallMillis()));
        } else if (command.command() instanceof MonCommand.SetSetting set) {
            return set(command, before, set);
        }
        return Prepared.notMine();
    }

    private Prepared decided(MonMessage.Command command, ClusterConfig before, NodeAdmission.Decision decision) {
        boolean changes = !decision.settings().sections().equals(before.sections());
        if (changes) {
            pending =
                    new ClusterConfig(config.version() + 1, decision.settings().sections());
        }
        MonMessage.CommandReply reply = new MonMessage.CommandReply(
                command.tid(), decision.outcome(), decision.text(), (pending == null ? config : pending).version());
        return changes ? Prepared.pending(reply) : Prepared.answered(reply);
    }

    private Prepared set(MonMessage.Command command, ClusterConfig before, MonCommand.SetSetting set) {
        Optional<String> value =
                Optional.ofNullable(before.sections().get(set.section())).map(settings -> settings.get(set.setting()));
        if (value.equals(set.value())) {
            return Prepared.answered(done(command, "no change", before.version()));
        }
        try {
            ClusterConfig changed = before.with(set.section(), set.setting(), set.value());
            pending = new ClusterConfig(config.version() + 1, changed.sections());
        } catch (IllegalArgumentException e) {
            return Prepared.answered(
                    new MonMessage.CommandReply(command.tid(), MonCommand.Outcome.INVALID, e.getMessage(), 0));
        }
        return Prepared.pending(done(command, "set", pending.version()));
    }

    private static MonMessage.CommandReply done(MonMessage.Command command, String text, long version) {
        return new MonMessage.CommandReply(command.tid(), MonCommand.Outcome.DONE, text, version);
    }

    @Override
    public void encodePending(MonTransaction transaction, long wallMillis) {
        if (pending != null) {
            encode(transaction, pending);
            pending = null;
        }
    }

    static void encode(MonTransaction transaction, ClusterConfig config) {
        transaction.put(SETTINGS, MapCodec.encode(config)).put(LAST, config.version());
    }

    @Override
    public void refresh() {
        if (config == null || store.number(LAST) > config.version()) {
            config = MapCodec.config(MonStoreException.require(store, SETTINGS));
        }
    }
}
