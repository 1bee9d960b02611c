package io.roost.deploy.bench;

/**
 * One request to send.
 *
 * @param operation what to ask for
 * @param key the number of the key or of the first of many; of a page, the place it starts after
 * @param count keys named, of {@link Operation#DELETE_MANY} only
 */
record Step(Operation operation, int key, int count) {
    /** A request for one key. */
    static Step of(Operation operation, int key) {
        return new Step(operation, key, 1);
    }
}
