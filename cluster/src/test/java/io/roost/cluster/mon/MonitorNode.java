package io.roost.cluster.mon;

import io.roost.cluster.machine.TimerId;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.paxos.LogLimits;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.NodeEffects;
import io.roost.cluster.paxos.QuorumTiming;
import io.roost.cluster.sim.RegisterService;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.wire.MonMessageCodec;
import io.roost.cluster.wire.MonPeerMessageCodec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/** A whole monitor: settings are the registers; beside, somebody asks for ids, switches flags, and follows the OSD map. */
final class MonitorNode extends MonitorHolder implements RegisterService {
    private static final TimerId WHIM = new TimerId("whim");
    private static final long WHIM_MILLIS = 400;
    private static final String SECTION = "global";
    private static final long FOLLOWER = 1;
    private static final long OTHERS = 2;
    /** Sessions from here on are those of {@link OsdModel}s, by the number in their names. */
    private static final long OSDS = 1L << 40;

    private final LongConsumer onId;
    private final SplittableRandom random;
    /** Session of an operation → where its answer goes. */
    private final Map<Long, Operation> operations = new HashMap<>();

    /** Requests for ids that have not been answered. */
    private final Set<Long> asked = new HashSet<>();

    private long lastTid;
    private long nextSession = 10;
    private OsdMap followed;

    private record Operation(String register, Reply reply) {}

    MonitorNode(SimNode node, MonMap seed, QuorumTiming timing, LogLimits limits, LongConsumer onId) {
        super(node, seed, timing, limits);
        this.onId = onId;
        random = node.cluster().simulation().random("whims of " + node.name() + node.nowMillis());
    }

    /** What is sent to sessions is theirs once all that was written before is on disk. */
    private final class Out extends NodeEffects implements MonEffects {
        Out(MonStore store) {
            super(node(), store);
        }

        @Override
        public void send(long session, MonMessage.FromMonitor message) {
            if (session >= OSDS) {
                String osd = OsdModel.NAME + (session - OSDS);
                node().send(osd, message.getClass().getSimpleName(), MonMessageCodec.encode(message));
                return;
            }
            node().step("answer " + message.getClass().getSimpleName());
            node().afterWrites(() -> onAnswer(session, message));
        }
    }

    @Override
    protected MonEffects effects(MonStore store) {
        return new Out(store);
    }

    OsdMap followed() {
        return followed;
    }

    @Override
    public void onStart() {
        super.onStart();
        on(FOLLOWER, MonitorFixture.subscribe(MonMessage.Topic.OSD_MAP, 1, MonMessage.Duration.CONTINUOUS));
        node().setTimer(WHIM, WHIM_MILLIS);
    }

    @Override
    public void onMessage(String from, Bytes message) {
        if (from.startsWith(OsdModel.NAME)) {
            long session = OSDS + Long.parseLong(from.substring(OsdModel.NAME.length()));
            on(session, (MonMessage.ToMonitor) MonMessageCodec.decode(message));
            return;
        }
        onPeer(from, MonPeerMessageCodec.decode(message));
    }

    @Override
    public void onTimer(TimerId timer) {
        if (!timer.equals(WHIM)) {
            super.onTimer(timer);
            return;
        }
        if (node().cluster().isHealed()) {
            // In the end nothing is under way, and all have the same.
            return;
        }
        node().setTimer(WHIM, random.nextLong(2 * WHIM_MILLIS));
        if (random.nextBoolean()) {
            asked.add(++lastTid);
            on(OTHERS, new MonMessage.Authenticate(lastTid, "client." + node().name()));
        } else {
            MonCommand.Switch position = random.nextBoolean() ? MonCommand.Switch.ON : MonCommand.Switch.OFF;
            command(new MonCommand.SetFlag(OsdMapFlag.NOOUT, position));
        }
    }

    @Override
    public void read(String register, Reply reply) {
        operations.put(nextSession, new Operation(register, reply));
        on(nextSession++, MonitorFixture.subscribe(MonMessage.Topic.CONFIG, 0, MonMessage.Duration.ONCE));
    }

    @Override
    public void write(String register, String value, Reply reply) {
        operations.put(nextSession, new Operation(register, reply));
        MonCommand set = new MonCommand.SetSetting(SECTION, register, Optional.ofNullable(value));
        on(nextSession++, new MonMessage.Command(1, set));
    }

    /** Somebody asks for something, and does not wait for the answer. */
    void command(MonCommand command) {
        on(OTHERS, new MonMessage.Command(1, command));
    }

    private void onAnswer(long session, MonMessage.FromMonitor answer) {
        if (session == FOLLOWER) {
            followed = MonitorFixture.follow(followed, List.of(answer));
            return;
        }
        // A second answer to the same request is dropped: it came twice.
        if (answer instanceof MonMessage.AuthenticateReply reply && asked.remove(reply.tid())) {
            onId.accept(reply.globalId());
        }
        Operation operation = operations.remove(session);
        if (operation == null) {
            return;
        }
        if (answer instanceof MonMessage.ConfigUpdate update) {
            Map<String, String> settings = update.config().sections().get(SECTION);
            operation.reply().done(settings == null ? null : settings.get(operation.register()));
        } else {
            operation.reply().done(null);
        }
    }
}
