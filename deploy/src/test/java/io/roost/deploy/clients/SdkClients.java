package io.roost.deploy.clients;

import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.TlsTrustManagersProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Clients of the AWS SDK for Java. */
final class SdkClients {
    private SdkClients() {}

    /** The server's keys. */
    static StaticCredentialsProvider credentials(S3Server server) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(server.accessKey(), server.secretKey()));
    }

    /** A client with the SDK's defaults, but for addressing by path. */
    static S3Client pathStyle(S3Server server) {
        return pathStyle(server.endpoint(), server);
    }

    /** The same for another address of the server. */
    static S3Client pathStyle(URI endpoint, S3Server server) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials(server))
                .forcePathStyle(true)
                .build();
    }

    /**
     * Takes a certificate of any issuer, as long as it is for the host that was asked for: servers of tests make their
     * own, and the HTTP client goes on comparing names.
     */
    static TlsTrustManagersProvider trustingAnyIssuer() {
        return () -> new TrustManager[] {
            new X509TrustManager() {
                @Override
                public void checkClientTrusted(X509Certificate[] chain, String authentication) {
                    throw new UnsupportedOperationException("a client's certificate is never asked for");
                }

                @Override
                public void checkServerTrusted(X509Certificate[] chain, String authentication)
                        throws CertificateException {
                    chain[0].checkValidity();
                }

                @Override
                public X509Certificate[] getAcceptedIssuers() {
                    return new X509Certificate[0];
                }
            }
        };
    }

    /** Removes a bucket and all of its objects. */
    static void removeBucket(S3Client s3, String bucket) {
        for (S3Object object : s3.listObjectsV2Paginator(r -> r.bucket(bucket)).contents()) {
            s3.deleteObject(r -> r.bucket(bucket).key(object.key()));
        }
        s3.deleteBucket(r -> r.bucket(bucket));
    }
}
