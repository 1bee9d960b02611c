package io.roost.deploy.bench;

import java.util.List;

/**
 * One request to send.
 *
 * @param operation what to ask for
 * @param keys the numbers of the keys: one, or many of {@link Operation#DELETE_MANY}; of a page, the place it starts after
 */
record Step(Operation operation, List<Integer> keys) {
    /** Copies. */
    Step {
        keys = List.copyOf(keys);
    }

    /** A request for one key. */
    static Step of(Operation operation, int key) {
        return new Step(operation, List.of(key));
    }

    /** The key, or the first one. */
    int key() {
        return keys.get(0);
    }
}
