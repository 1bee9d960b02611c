package io.roost.deploy.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.deploy.RoostProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** AWS's SDK for JavaScript, by a script, on the Node.js that its lock file names. */
@ExtendWith(SharedServer.class)
class NodeSdkIT {
    @TempDir
    private Path folder;

    private static Path onPath(String program) {
        for (String entry : System.getenv("PATH").split(File.pathSeparator, -1)) {
            Path candidate = Path.of(entry, program);
            if (Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        return Path.of("/usr/bin", program);
    }

    @Test
    void theScriptOfRoundTripsPasses(S3Server server) throws IOException {
        Path sources = RoostProcess.root().resolve("deploy/acceptance/js");
        for (String name : new String[] {"package.json", "package-lock.json", "round-trip.mjs"}) {
            Files.copy(sources.resolve(name), folder.resolve(name));
        }
        ClientProgram.at(folder, onPath("npm").toString(), "ci", "--no-audit", "--no-fund", "--ignore-scripts")
                .with("PATH", System.getenv("PATH"))
                // Which registry npm asks is this machine's matter.
                .with(
                        "NPM_CONFIG_USERCONFIG",
                        Path.of(System.getProperty("user.home"), ".npmrc").toString())
                .with(
                        "NPM_CONFIG_CACHE",
                        Path.of(System.getProperty("user.home"), ".npm").toString())
                .run();
        String out = ClientProgram.at(folder, node().toString(), "round-trip.mjs")
                .with("AWS_ACCESS_KEY_ID", server.accessKey())
                .with("AWS_SECRET_ACCESS_KEY", server.secretKey())
                .run(server.endpoint().toString(), "node-sdk");
        assertThat(out).endsWith("ok\n");
    }

    private Path node() throws IOException {
        try (Stream<Path> modules = Files.list(folder.resolve("node_modules"))) {
            return modules.map(module -> module.resolve("bin/node"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
        }
    }
}
