package io.roost.deploy.bench;

import java.net.URI;
import java.util.Locale;
import java.util.Objects;

/**
 * An S3 endpoint and who asks it, path style.
 *
 * @param endpoint {@code http} or {@code https} with a host and perhaps a port, no path
 * @param accessKey the key's name
 * @param secretKey the key's secret
 * @param region what requests are signed for
 * @param certificates whether an https endpoint's certificate is checked
 */
public record S3Target(URI endpoint, String accessKey, String secretKey, String region, Certificates certificates) {
    /** Whether to check a certificate. */
    public enum Certificates {
        /** Only one that the Java trusts. */
        CHECKED,
        /** Any: a server with a self-signed certificate on this machine. */
        UNCHECKED
    }

    /** Checks the endpoint. */
    public S3Target {
        Objects.requireNonNull(accessKey, "accessKey");
        Objects.requireNonNull(secretKey, "secretKey");
        Objects.requireNonNull(region, "region");
        Objects.requireNonNull(certificates, "certificates");
        String scheme = endpoint.getScheme() == null ? "" : endpoint.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("endpoint " + endpoint + " is neither http:// nor https://");
        }
        if (endpoint.getHost() == null) {
            throw new IllegalArgumentException("endpoint " + endpoint + " names no host");
        }
        if (endpoint.getPath() != null
                && !endpoint.getPath().isEmpty()
                && !endpoint.getPath().equals("/")) {
            throw new IllegalArgumentException("endpoint " + endpoint + " has a path");
        }
    }

    /** True for https. */
    public boolean isTls() {
        return endpoint.getScheme().equalsIgnoreCase("https");
    }

    /** The port, the scheme's own when none is given. */
    public int port() {
        if (endpoint.getPort() >= 0) {
            return endpoint.getPort();
        }
        return isTls() ? 443 : 80;
    }

    /** The value of the Host header. */
    public String hostHeader() {
        return endpoint.getPort() < 0 ? endpoint.getHost() : endpoint.getHost() + ":" + endpoint.getPort();
    }

    /** The host to connect to, without the brackets of an IPv6 address. */
    public String host() {
        String host = endpoint.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
