package io.roost.deploy.clients;

import java.net.URI;

/**
 * The server that a round trip is made with.
 *
 * @param endpoint its S3 interface
 * @param accessKey a key that may create buckets
 * @param secretKey the key's secret
 */
record S3Server(URI endpoint, String accessKey, String secretKey) {
    /** Host and port, as clients without a notion of a URL want it. */
    String authority() {
        return endpoint.getAuthority();
    }
}
