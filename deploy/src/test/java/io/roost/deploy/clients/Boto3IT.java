package io.roost.deploy.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.deploy.RoostProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Debian's python3-boto3, by a script. */
@ExtendWith(SharedServer.class)
class Boto3IT {
    @TempDir
    private Path folder;

    @Test
    void theScriptOfRoundTripsPasses(S3Server server) {
        if (!Files.isDirectory(Path.of("/usr/lib/python3/dist-packages/boto3"))) {
            ClientProgram.absent("client python3-boto3 is not installed");
        }
        Path script = RoostProcess.root().resolve("deploy/acceptance/boto3/round_trip.py");
        String out = ClientProgram.at(folder, "/usr/bin/python3", script.toString())
                .with("AWS_ACCESS_KEY_ID", server.accessKey())
                .with("AWS_SECRET_ACCESS_KEY", server.secretKey())
                .run(server.endpoint().toString(), "boto3-round-trips");
        assertThat(out).endsWith("ok\n");
    }
}
