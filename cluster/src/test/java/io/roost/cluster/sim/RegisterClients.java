package io.roost.cluster.sim;

import io.roost.cluster.object.Bytes;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Clients that read and write registers through any node, each one operation after the other, and remember what they were
 * told. One that hears nothing for long goes on as another client.
 */
public final class RegisterClients {
    private static final long PATIENCE_MICROS = 3_000_000;

    private final SimCluster cluster;
    private final History history = new History();
    private final SplittableRandom random;
    private final int registers;
    private final long restMicros;
    private final Function<SplittableRandom, SimNode> nodeForReads;
    private final Function<SplittableRandom, SimNode> nodeForWrites;
    private boolean isOver;
    private int written;
    private int done;

    /**
     * Clients that have not begun, who ask any node when they read.
     *
     * @param registers how many there are
     * @param restMicros longest time between two operations of one client
     * @param nodeForWrites whom a client that writes asks
     */
    public RegisterClients(
            SimCluster cluster, int registers, long restMicros, Function<SplittableRandom, SimNode> nodeForWrites) {
        this(cluster, registers, restMicros, random -> any(cluster, random), nodeForWrites);
    }

    /**
     * Clients that have not begun.
     *
     * @param registers how many there are
     * @param restMicros longest time between two operations of one client
     * @param nodeForReads whom a client that reads asks
     * @param nodeForWrites whom a client that writes asks
     */
    public RegisterClients(
            SimCluster cluster,
            int registers,
            long restMicros,
            Function<SplittableRandom, SimNode> nodeForReads,
            Function<SplittableRandom, SimNode> nodeForWrites) {
        this.cluster = cluster;
        this.registers = registers;
        this.restMicros = restMicros;
        this.nodeForReads = nodeForReads;
        this.nodeForWrites = nodeForWrites;
        random = cluster.simulation().random("clients");
    }

    private static SimNode any(SimCluster cluster, SplittableRandom random) {
        return cluster.nodes().get(random.nextInt(cluster.nodes().size()));
    }

    /** Lets so many clients begin. */
    public void start(int clients) {
        for (int i = 0; i < clients; i++) {
            rest();
        }
    }

    /** No operation begins any more. */
    public void stop() {
        isOver = true;
    }

    /** What they were told. */
    public History history() {
        return history;
    }

    /** Operations that they were told are done. */
    public int done() {
        return done;
    }

    private void rest() {
        cluster.simulation().schedule(random.nextLong(restMicros), this::next);
    }

    private void next() {
        if (isOver) {
            return;
        }
        String register = "r" + random.nextInt(registers);
        if (random.nextBoolean()) {
            String value = random.nextInt(5) == 0 ? null : "v" + written++;
            write(nodeForWrites.apply(random), register, value, this::rest);
        } else {
            read(nodeForReads.apply(random), register, this::rest);
        }
    }

    /** Writes through a node; then, or when nothing is heard, goes on. */
    public void write(SimNode node, String register, String value, Runnable then) {
        Operation operation = new Operation(history.write(register, value, now()), then);
        operation.send(
                node,
                "write " + register + " " + value,
                () -> ((RegisterService) node.process()).write(register, value, operation));
    }

    /** Reads through a node; then, or when nothing is heard, goes on. */
    public void read(SimNode node, String register, Runnable then) {
        Operation operation = new Operation(history.read(register, now()), then);
        operation.send(node, "read " + register, () -> ((RegisterService) node.process()).read(register, operation));
    }

    private long now() {
        return cluster.simulation().nowMicros();
    }

    private final class Operation implements RegisterService.Reply {
        private final History.Operation operation;
        private final Runnable then;
        private boolean isAnswered;

        Operation(History.Operation operation, Runnable then) {
            this.operation = operation;
            this.then = then;
        }

        void send(SimNode node, String what, Runnable action) {
            cluster.simulation().schedule(PATIENCE_MICROS, this::goOn);
            node.input("client", Bytes.utf8(what), () -> what, action);
        }

        @Override
        public void done(String value) {
            if (!isAnswered) {
                done++;
                history.finished(operation, value, now());
            }
            goOn();
        }

        @Override
        public void refused() {
            if (!isAnswered) {
                history.refused(operation);
            }
            goOn();
        }

        private void goOn() {
            if (!isAnswered) {
                isAnswered = true;
                then.run();
            }
        }
    }
}
