package io.roost.deploy.lab;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is wrong between nodes, each way by itself. Nodes are numbered from 1. Only for the proxy's event loop.
 */
final class Links {
    /** From one node to another. */
    record Way(int from, int to) {
        Way back() {
            return new Way(to, from);
        }
    }

    private final Map<Way, Boolean> blocked = new HashMap<>();
    private final List<Runnable> listeners = new ArrayList<>();
    private long delayMillis;

    /** Is told of every change, in the order of the calls. */
    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    void forget(Runnable listener) {
        listeners.remove(listener);
    }

    /** Nothing that a node says reaches the other, until it is healed: it waits, as in TCP. */
    void block(Way way) {
        blocked.put(way, true);
        changed();
    }

    /** All is well again. */
    void heal() {
        blocked.clear();
        delayMillis = 0;
        changed();
    }

    /** Everything arrives so much later. */
    void delay(long millis) {
        delayMillis = millis;
        changed();
    }

    boolean isBlocked(Way way) {
        return blocked.getOrDefault(way, false);
    }

    /** True when a connection between these two can be made: that takes both ways. */
    boolean isOpen(Way way) {
        return !isBlocked(way) && !isBlocked(way.back());
    }

    long delayMillis() {
        return delayMillis;
    }

    private void changed() {
        List.copyOf(listeners).forEach(Runnable::run);
    }
}
