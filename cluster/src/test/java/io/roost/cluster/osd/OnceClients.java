package io.roost.cluster.osd;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.sim.RegisterService;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;

/**
 * Clients that write keys once, read them through OSDs that are near, and remove some. What was acknowledged is there until its
 * removal is asked for; whatever is there is what was written.
 */
final class OnceClients {
    private static final int MAX_KEYS = 12;
    private static final long PATIENCE_MICROS = 3_000_000;

    private final SimCluster cluster;
    private final List<SimNode> nodes;
    private final SplittableRandom random;
    private final long restMicros;
    private final List<Key> keys = new ArrayList<>();
    private int made;
    private boolean isOver;

    private static final class Key {
        final String text;
        boolean isAcknowledged;
        boolean isBeingRemoved;

        Key(String text) {
            this.text = text;
        }
    }

    /**
     * Clients that have not begun.
     *
     * @param nodes whose processes are {@link ClientNode}s
     * @param restMicros longest time between two operations of one client
     */
    OnceClients(SimCluster cluster, List<SimNode> nodes, long restMicros) {
        this.cluster = cluster;
        this.nodes = List.copyOf(nodes);
        this.restMicros = restMicros;
        random = cluster.simulation().random("once");
    }

    /** Lets so many clients begin. */
    void start(int clients) {
        for (int i = 0; i < clients; i++) {
            rest();
        }
    }

    /** No operation begins any more. */
    void stop() {
        isOver = true;
    }

    private void rest() {
        cluster.simulation().schedule(random.nextLong(restMicros), this::next);
    }

    private void next() {
        if (isOver) {
            return;
        }
        int chance = random.nextInt(12);
        if (keys.isEmpty() || (chance < 3 && keys.size() < MAX_KEYS)) {
            create();
            return;
        }
        Key key = keys.get(random.nextInt(keys.size()));
        if (chance == 3) {
            keys.remove(key);
            remove(key);
        } else {
            read(key);
        }
    }

    private void create() {
        Key key = new Key("once-" + made++);
        keys.add(key);
        send(
                "create " + key.text,
                (client, reply) -> client.createOnce(key.text, reply),
                value -> key.isAcknowledged = true);
    }

    /** Also one that was never acknowledged, and may come to be after it has been removed. */
    private void remove(Key key) {
        key.isBeingRemoved = true;
        send("remove " + key.text, (client, reply) -> client.removeOnce(key.text, reply), value -> {});
    }

    private void read(Key key) {
        boolean wasAcknowledged = key.isAcknowledged;
        send("read " + key.text, (client, reply) -> client.readOnce(key.text, reply), value -> {
            boolean mustBeThere = wasAcknowledged && !key.isBeingRemoved;
            if (value == null ? mustBeThere : !value.equals(key.text)) {
                throw new AssertionError(
                        key.text + (value == null ? " was acknowledged, and is not there" : " is read as: " + value));
            }
        });
    }

    /** What a client does with an answer, whenever that comes. */
    private interface Answered {
        void with(String value);
    }

    private void send(String what, BiConsumer<ClientNode, RegisterService.Reply> ask, Answered answered) {
        SimNode node = nodes.get(random.nextInt(nodes.size()));
        Operation operation = new Operation(answered);
        cluster.simulation().schedule(PATIENCE_MICROS, operation::goOn);
        node.input("client", Bytes.utf8(what), () -> what, () -> ask.accept((ClientNode) node.process(), operation));
    }

    private final class Operation implements RegisterService.Reply {
        private final Answered answered;
        private boolean hasGoneOn;

        Operation(Answered answered) {
            this.answered = answered;
        }

        @Override
        public void done(String value) {
            answered.with(value);
            goOn();
        }

        @Override
        public void refused() {
            goOn();
        }

        private void goOn() {
            if (!hasGoneOn) {
                hasGoneOn = true;
                rest();
            }
        }
    }
}
