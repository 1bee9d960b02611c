package io.roost.deploy.clients;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The server that a round trip is made with.
 *
 * @param endpoint its S3 interface
 * @param accessKey a key that may create buckets
 * @param secretKey the key's secret
 * @param data folder of a server that the tests have started, empty for one given
 */
record S3Server(URI endpoint, String accessKey, String secretKey, Optional<Path> data) {
    /** Host and port, as clients without a notion of a URL want it. */
    String authority() {
        return endpoint.getAuthority();
    }
}
