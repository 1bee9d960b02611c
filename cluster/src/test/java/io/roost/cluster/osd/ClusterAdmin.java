package io.roost.cluster.osd;

import io.roost.cluster.client.MonClient;
import io.roost.cluster.machine.TimerId;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.sim.SimProcess;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Consumer;

/** An administrator's tool: commands are carried out one after the other, each is sent until it is answered. */
final class ClusterAdmin implements SimProcess, MonitorSessions.Listener, HearsBreaks {
    static final String NAME = "admin";

    private static final TimerId TICK = new TimerId("tick");
    private static final long TICK_MILLIS = 500;

    private final SimNode node;
    private final MonitorSessions monitors;
    private final Wishes wishes;
    private long tid;
    private boolean isAsking;

    /** What an administrator wants, whose tool may end. */
    static final class Wishes {
        private final ArrayDeque<Wish> open = new ArrayDeque<>();

        /** Wants a command carried out, and then something done. */
        void add(SimNode admin, MonCommand command, Consumer<MonMessage.CommandReply> then) {
            open.add(new Wish(command, then));
            admin.input(
                    "command",
                    Bytes.utf8(command.toString()),
                    command::toString,
                    () -> of(admin).ask());
        }

        /** True when all has been carried out. */
        boolean isEmpty() {
            return open.isEmpty();
        }
    }

    private record Wish(MonCommand command, Consumer<MonMessage.CommandReply> then) {}

    ClusterAdmin(SimNode node, MonMap seed, Wishes wishes) {
        this.node = node;
        this.wishes = wishes;
        tid = node.nowMillis();
        monitors = new MonitorSessions(node, seed, Optional.empty(), MonClient.FirstMap.NEWEST, this);
    }

    static ClusterAdmin of(SimNode node) {
        return (ClusterAdmin) node.process();
    }

    /** What its administrator wants. */
    Wishes wishes() {
        return wishes;
    }

    /** The newest map that it knows; null before the first. */
    OsdMap map() {
        return monitors.map();
    }

    private void ask() {
        if (!isAsking && !wishes.isEmpty()) {
            isAsking = true;
            monitors.ask(
                    ++tid, new MonMessage.Command(tid, wishes.open.element().command()));
        }
    }

    @Override
    public void onStart() {
        monitors.start();
        node.setTimer(TICK, TICK_MILLIS);
        ask();
    }

    @Override
    public void onTimer(TimerId timer) {
        monitors.onTick();
        ask();
        node.setTimer(TICK, TICK_MILLIS);
    }

    @Override
    public void onMessage(String from, Bytes message) {
        monitors.onMessage(from, Envelope.decode(message));
    }

    @Override
    public void onUnreachable(String peer, long dialledMillis) {
        monitors.onUnreachable(peer, dialledMillis);
    }

    @Override
    public void onReset(String peer) {
        monitors.onReset(peer);
    }

    @Override
    public void onReply(MonMessage.FromMonitor reply) {
        if (reply instanceof MonMessage.CommandReply answer && answer.tid() == tid && !wishes.isEmpty()) {
            isAsking = false;
            Wish done = wishes.open.remove();
            node.note("answer", answer.toString());
            if (answer.outcome() == MonCommand.Outcome.DONE) {
                done.then().accept(answer);
            } else if (done.command() instanceof MonCommand.PurgeOsd) {
                // It is not safe yet as far as monitors know: later it will be.
                wishes.open.add(done);
                return;
            } else {
                throw new AssertionError(done.command() + ": " + answer);
            }
            ask();
        }
    }

    @Override
    public void onMap(OsdMap map) {
        // It asks for it when it wants to know.
    }

    @Override
    public void onSession() {
        // Commands are sent again.
    }

    @Override
    public void onGone(String osd, long ended) {
        // It does not speak to OSDs.
    }
}
