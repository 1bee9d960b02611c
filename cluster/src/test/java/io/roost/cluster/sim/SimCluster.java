package io.roost.cluster.sim;

import io.roost.cluster.object.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** The nodes of a simulation and the network between them. */
public final class SimCluster {
    private final Simulation simulation;
    private final SimNetwork network;
    private final Marks marks;
    private final Function<Bytes, String> describe;
    private final Map<String, SimNode> nodes = new LinkedHashMap<>();
    private final List<Consumer<SimNode>> watchers = new ArrayList<>();
    private boolean isHealed;
    private int changesUnderWay;

    /**
     * A cluster without nodes.
     *
     * @param describe how a person reads a message
     */
    public SimCluster(
            Simulation simulation, NetworkConditions conditions, Marks marks, Function<Bytes, String> describe) {
        this.simulation = simulation;
        this.marks = marks;
        this.describe = describe;
        network = new SimNetwork(simulation, conditions, marks);
    }

    /**
     * Adds a node that is not started.
     *
     * @param clockRate of its monotonic clock, 1 for a right one
     */
    public SimNode add(String name, SimProcess.Program program, double clockRate) {
        SimNode node = new SimNode(this, name, program, clockRate);
        nodes.put(name, node);
        return node;
    }

    /** Calls a check after every input that a node took, with that node. */
    public void watch(Consumer<SimNode> watcher) {
        watchers.add(watcher);
    }

    void onInput(SimNode node) {
        watchers.forEach(watcher -> watcher.accept(node));
    }

    /** Virtual time. */
    public Simulation simulation() {
        return simulation;
    }

    /** What is between the nodes. */
    public SimNetwork network() {
        return network;
    }

    /** Branches taken. */
    public Marks marks() {
        return marks;
    }

    /** All nodes in the order they were added. */
    public List<SimNode> nodes() {
        return List.copyOf(nodes.values());
    }

    /** The node of a name. */
    public SimNode node(String name) {
        SimNode node = nodes.get(name);
        if (node == null) {
            throw new IllegalArgumentException("no node " + name);
        }
        return node;
    }

    String describe(Bytes message) {
        return describe.apply(message);
    }

    /** True once all faults have ended: none may begin. */
    public boolean isHealed() {
        return isHealed;
    }

    /** Somebody begins to change who belongs to it, with what it can bear: no disk may be lost beside, until it is done. */
    public void beginChange() {
        changesUnderWay++;
    }

    /** A change is done, or can come to nothing any more. */
    public void endChange() {
        changesUnderWay--;
    }

    /** True while somebody changes who belongs to it. */
    public boolean isChanging() {
        return changesUnderWay > 0;
    }

    /** Ends all faults: every link works, every node runs. */
    public void heal() {
        isHealed = true;
        network.heal();
        nodes.values().forEach(SimNode::heal);
    }
}
