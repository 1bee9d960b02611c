package io.roost.junit;

import java.lang.reflect.Parameter;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContextException;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests of JUnit 5 a {@link RoostServer}. With {@code @ExtendWith(RoostExtension.class)} all test classes of the run
 * share one server, started when the first test asks for it and closed at the end; a static field with
 * {@code @RegisterExtension} and {@link #with} has a server of its own for its class (one that is not static: for each
 * test).
 *
 * <p>Parameters of constructors, tests and life-cycle methods:
 *
 * <pre>
 * RoostServer                                        the server
 * {@literal @}RoostEndpoint URI (or String)                    its URL
 * RoostCredentials                                   access key, secret, region
 * {@literal @}RoostBucket String                               a new bucket of this test alone, removed afterwards
 * S3Client, S3AsyncClient, AwsCredentialsProvider    of the AWS SDK 2, when that is on the class path; clients are shared
 *                                                    and are closed with the server
 * </pre>
 *
 * <p>When the server fails, so does the test that was running, and every one that asks for it later.
 */
public final class RoostExtension implements ParameterResolver, BeforeAllCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace SHARED = ExtensionContext.Namespace.create(RoostExtension.class);

    /** Bucket names have at most 63 characters: {@code t-}, so many of the test's name, a dash, a UUID of 32 digits. */
    private static final int MAX_TEST_NAME = 28;

    private final Optional<RoostServer.Builder> builder;
    private final ExtensionContext.Namespace namespace;

    /** With the server that all tests of the run share. */
    public RoostExtension() {
        builder = Optional.empty();
        namespace = SHARED;
    }

    private RoostExtension(RoostServer.Builder builder) {
        this.builder = Optional.of(builder);
        namespace = ExtensionContext.Namespace.create(RoostExtension.class, this);
    }

    /** With a server of its own. */
    public static RoostExtension with(RoostServer.Builder settings) {
        return new RoostExtension(Objects.requireNonNull(settings, "settings"));
    }

    /** Of a static field: the server is of the class and not of the first test that asks for it. */
    @Override
    public void beforeAll(ExtensionContext context) {
        if (builder.isPresent()) {
            running(context);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        RunningServer running = store(context).get(RunningServer.class, RunningServer.class);
        if (running != null) {
            running.server().check();
        }
    }

    /** With JUnit 5.12 and newer: what a test's constructor is given is of the test, and not of its class. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == RoostServer.class
                || type == RoostCredentials.class
                || parameter.isAnnotated(RoostEndpoint.class)
                || parameter.isAnnotated(RoostBucket.class)
                || isOfSdk(type);
    }

    private static boolean isOfSdk(Class<?> type) {
        return switch (type.getName()) {
            case "software.amazon.awssdk.services.s3.S3Client",
                    "software.amazon.awssdk.services.s3.S3AsyncClient",
                    "software.amazon.awssdk.auth.credentials.AwsCredentialsProvider" -> true;
            default -> false;
        };
    }

    @Override
    public Object resolveParameter(ParameterContext parameterContext, ExtensionContext context) {
        Parameter parameter = parameterContext.getParameter();
        Class<?> type = parameter.getType();
        Optional<RoostBucket> bucket = parameterContext.findAnnotation(RoostBucket.class);
        boolean isEndpoint = parameterContext.isAnnotated(RoostEndpoint.class);
        if (bucket.isPresent() && type != String.class) {
            throw misused(parameter, "@RoostBucket", "String");
        }
        if (isEndpoint && type != URI.class && type != String.class) {
            throw misused(parameter, "@RoostEndpoint", "URI or String");
        }
        RunningServer running = running(context);
        if (bucket.isPresent()) {
            return bucket(running.server(), context, bucket.get().value());
        }
        if (isEndpoint) {
            URI endpoint = running.server().endpoint();
            return type == URI.class ? endpoint : endpoint.toString();
        }
        if (type == RoostServer.class) {
            return running.server();
        }
        return type == RoostCredentials.class ? running.server().credentials() : running.sdkClient(type);
    }

    private static ParameterResolutionException misused(Parameter parameter, String annotation, String types) {
        return new ParameterResolutionException(annotation + " is for a parameter of type " + types + ", but "
                + parameter.getName() + " of " + parameter.getDeclaringExecutable() + " is a "
                + parameter.getType().getName());
    }

    private ExtensionContext.Store store(ExtensionContext context) {
        return (builder.isEmpty() ? context.getRoot() : context).getStore(namespace);
    }

    private RunningServer running(ExtensionContext context) {
        RunningServer running;
        try {
            running = store(context)
                    .getOrComputeIfAbsent(
                            RunningServer.class,
                            key -> new RunningServer(
                                    builder.orElseGet(RoostServer::builder).start()),
                            RunningServer.class);
        } catch (RoostException | ExtensionContextException failure) {
            throw new ParameterResolutionException(failure.getMessage(), failure);
        }
        running.server().check();
        return running;
    }

    /** The bucket of a label in the test (or class) of the context, made when it is first asked for. */
    private String bucket(RoostServer server, ExtensionContext context, String label) {
        // A store looks into those of the enclosing contexts too; the id keeps a class's buckets apart from its tests'.
        TestBucket.Key key = new TestBucket.Key(context.getUniqueId(), label);
        return context.getStore(namespace)
                .getOrComputeIfAbsent(key, absent -> TestBucket.create(server, name(context, label)), TestBucket.class)
                .name();
    }

    /** A name that tells whose bucket it is, never given twice. */
    private static String name(ExtensionContext context, String label) {
        String test = context.getTestMethod()
                .map(method -> method.getName())
                .orElseGet(() -> context.getRequiredTestClass().getSimpleName());
        String readable = (label.isEmpty() ? test : label + "-" + test)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-");
        String begin = readable.substring(0, Math.min(readable.length(), MAX_TEST_NAME));
        return "t-" + begin + "-" + UUID.randomUUID().toString().replace("-", "");
    }
}
