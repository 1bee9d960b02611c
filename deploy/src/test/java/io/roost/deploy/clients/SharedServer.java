package io.roost.deploy.clients;

import io.roost.deploy.RoostProcess;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests an {@link S3Server}: one {@code roost dev} for all of them, each with buckets of its own. With
 * {@code -Droost.endpoint=URL} the round trips are made with a server that runs already, whose keys are in
 * ROOST_ACCESS_KEY and ROOST_SECRET_KEY.
 */
final class SharedServer implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(SharedServer.class);

    /** Asks for the server that speaks TLS with a certificate of its own making. */
    @Target(ElementType.PARAMETER)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Tls {}

    /** Ended by JUnit with the last test. */
    private record Started(RoostProcess process) implements AutoCloseable {
        @Override
        public void close() {
            process.close();
        }

        S3Server server() {
            return new S3Server(
                    process.endpoint(), RoostProcess.ACCESS_KEY, RoostProcess.SECRET_KEY, Optional.of(process.data()));
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == S3Server.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        String given = System.getProperty("roost.endpoint", "");
        boolean isTls = parameter.isAnnotated(Tls.class);
        if (!given.isEmpty()) {
            Assumptions.assumeFalse(isTls, "the server given speaks no TLS");
            return new S3Server(
                    URI.create(given),
                    System.getenv("ROOST_ACCESS_KEY"),
                    System.getenv("ROOST_SECRET_KEY"),
                    Optional.empty());
        }
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(isTls, SharedServer::started, Started.class)
                .server();
    }

    private static Started started(boolean isTls) {
        Path launcher = RoostProcess.root().resolve("deploy/bin/roost");
        // Signatures of version 2 are for Dovecot's requests; the other clients never make one.
        Map<String, String> environment = Map.of("ROOST_S3_SIGNATURE_V2", "true");
        List<String> options = isTls ? List.of("--temp", "--tls", "self-signed") : List.of("--temp");
        return new Started(RoostProcess.start(launcher, environment, options));
    }
}
