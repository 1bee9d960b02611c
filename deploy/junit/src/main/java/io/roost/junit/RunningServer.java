package io.roost.junit;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A server in JUnit's store, which closes it, with the clients that tests have been given. Safe for any thread. */
@SuppressWarnings("deprecation") // JUnit before 5.13 closes nothing else.
final class RunningServer implements ExtensionContext.Store.CloseableResource, AutoCloseable {
    private final RoostServer server;
    private final Map<Class<?>, Object> sdkClients = new LinkedHashMap<>();

    RunningServer(RoostServer server) {
        this.server = server;
    }

    RoostServer server() {
        return server;
    }

    /** What a parameter of a type of the AWS SDK is given. */
    Object sdkClient(Class<?> type) {
        synchronized (sdkClients) {
            return sdkClients.computeIfAbsent(type, absent -> AwsSdkClients.of(absent, server));
        }
    }

    @Override
    public void close() {
        try {
            synchronized (sdkClients) {
                sdkClients.values().forEach(AwsSdkClients::close);
            }
        } finally {
            server.close();
        }
    }
}
