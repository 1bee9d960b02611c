package io.roost.deploy.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** AWS's SDK for JavaScript, by a script, on the Node.js that its lock file names. */
@ExtendWith(SharedServer.class)
class NodeSdkIT {
    @TempDir
    private Path folder;

    @Test
    void theScriptOfRoundTripsPasses(S3Server server) throws IOException {
        String out = NodeProject.install(folder, "js", "round-trip.mjs")
                .program()
                .with("AWS_ACCESS_KEY_ID", server.accessKey())
                .with("AWS_SECRET_ACCESS_KEY", server.secretKey())
                .run(server.endpoint().toString(), "node-sdk");
        assertThat(out).endsWith("ok\n");
    }
}
