package io.roost.junit;

import java.util.ServiceLoader;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.SdkHttpService;
import software.amazon.awssdk.http.async.SdkAsyncHttpService;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.utils.AttributeMap;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Clients of the AWS SDK for Java 2 with the SDK's defaults, addressing by path. The only class that names types of the
 * SDK; it is loaded only when a test asks for one of them, so that the SDK may be missing.
 */
final class AwsSdkClients {
    private AwsSdkClients() {}

    /**
     * What a parameter of a type of the SDK is given: an {@link S3Client}, an {@link S3AsyncClient} or an
     * {@link AwsCredentialsProvider}.
     */
    static Object of(Class<?> type, RoostServer server) {
        if (type == S3Client.class) {
            return client(server);
        }
        return type == S3AsyncClient.class ? asyncClient(server) : credentials(server);
    }

    /** Closes what {@link #of} has made. */
    static void close(Object made) {
        if (made instanceof SdkAutoCloseable closeable) {
            closeable.close();
        }
    }

    private static AwsCredentialsProvider credentials(RoostServer server) {
        RoostCredentials credentials = server.credentials();
        return StaticCredentialsProvider.create(
                AwsBasicCredentials.create(credentials.accessKey(), credentials.secretKey()));
    }

    private static S3Client client(RoostServer server) {
        S3ClientBuilder builder = S3Client.builder()
                .endpointOverride(server.endpoint())
                .region(Region.of(RoostServer.REGION))
                .credentialsProvider(credentials(server))
                .forcePathStyle(true);
        server.certificatePem()
                .ifPresent(pem -> builder.httpClientBuilder(options -> service(SdkHttpService.class)
                        .createHttpClientBuilder()
                        .buildWithDefaults(trust(pem).merge(options))));
        return builder.build();
    }

    private static S3AsyncClient asyncClient(RoostServer server) {
        S3AsyncClientBuilder builder = S3AsyncClient.builder()
                .endpointOverride(server.endpoint())
                .region(Region.of(RoostServer.REGION))
                .credentialsProvider(credentials(server))
                .forcePathStyle(true);
        server.certificatePem()
                .ifPresent(pem -> builder.httpClientBuilder(options -> service(SdkAsyncHttpService.class)
                        .createAsyncHttpClientFactory()
                        .buildWithDefaults(trust(pem).merge(options))));
        return builder.build();
    }

    private static AttributeMap trust(String pem) {
        return AttributeMap.builder()
                .put(
                        SdkHttpConfigurationOption.TLS_TRUST_MANAGERS_PROVIDER,
                        () -> TrustedCertificate.trustManagers(pem))
                .build();
    }

    /** Whatever HTTP client is on the class path: the SDK brings several, and all of them take trust managers so. */
    private static <T> T service(Class<T> type) {
        return ServiceLoader.load(type)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no HTTP client of the AWS SDK is on the class path: " + type.getSimpleName() + " finds none"));
    }
}
