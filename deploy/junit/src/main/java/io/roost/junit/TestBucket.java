package io.roost.junit;

import org.junit.jupiter.api.extension.ExtensionContext;

/** A bucket in JUnit's store, which removes it when the test has ended. */
@SuppressWarnings("deprecation") // JUnit before 5.13 closes nothing else.
final class TestBucket implements ExtensionContext.Store.CloseableResource, AutoCloseable {
    /**
     * What a test knows its bucket by.
     *
     * @param context id of the test or class
     * @param label tells several buckets of one test apart
     */
    record Key(String context, String label) {}

    private final RoostServer server;
    private final String name;

    private TestBucket(RoostServer server, String name) {
        this.server = server;
        this.name = name;
    }

    static TestBucket create(RoostServer server, String name) {
        server.createBucket(name);
        return new TestBucket(server, name);
    }

    String name() {
        return name;
    }

    @Override
    public void close() {
        // A server that has failed has already failed the test, and takes its data with it.
        if (server.failure().isEmpty()) {
            server.removeBucket(name);
        }
    }
}
