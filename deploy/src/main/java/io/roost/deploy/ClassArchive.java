package io.roost.deploy;

import io.roost.deploy.bench.BenchPlan;
import io.roost.deploy.bench.BenchResult;
import io.roost.deploy.bench.Contents;
import io.roost.deploy.bench.LoadGenerator;
import io.roost.deploy.bench.Operation;
import io.roost.deploy.bench.Pages;
import io.roost.deploy.bench.Payload;
import io.roost.deploy.bench.S3Target;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/**
 * The short run that the launcher makes its class-data archive of: a server with throw-away data, a few requests of each
 * kind, and an orderly end, at which the JVM writes the archive. Not a command.
 */
final class ClassArchive {
    private static final String KEY = "classarchivekey0";
    private static final String SECRET = "class/archive/secret";

    private ClassArchive() {}

    /** Exit code 0 when the requests were answered. */
    public static void main(String[] arguments) throws Exception {
        System.exit(run() ? 0 : CommandFailure.FAILED);
    }

    private static boolean run() throws Exception {
        String[] dev = {
            "dev", "--temp", "--s3-port", "0", "--admin-port", "0", "--access-key", KEY, "--secret-key", SECRET
        };
        CommandLine command = Main.commandLine(dev);
        try (PipedReader in = new PipedReader(8192);
                BufferedReader lines = new BufferedReader(in)) {
            PrintWriter out = new PrintWriter(new PipedWriter(in), true);
            command.setOut(out);
            Thread server = new Thread(() -> serve(command, dev, out), "dev");
            server.setDaemon(true);
            server.start();
            return answers(endpoint(lines));
        }
    }

    /** A server that could not start ends the output, so that nobody waits for it. */
    private static void serve(CommandLine command, String[] dev, PrintWriter out) {
        try (out) {
            command.execute(dev);
        }
    }

    private static URI endpoint(BufferedReader lines) throws IOException {
        URI endpoint = null;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("S3 ")) {
                endpoint = URI.create(line.substring(3).strip());
            }
            if (line.startsWith("ready in ") && endpoint != null) {
                return endpoint;
            }
        }
        throw new IOException("the server has not said that it is ready");
    }

    private static boolean answers(URI endpoint) throws Exception {
        S3Target target = new S3Target(endpoint, KEY, SECRET, "us-east-1", S3Target.Certificates.CHECKED);
        BenchPlan plan = new BenchPlan(
                "archive",
                Contents.OWN,
                Map.of(Operation.PUT, 2, Operation.GET, 2, Operation.HEAD, 1, Operation.LIST, 1, Operation.DELETE, 1),
                100_000,
                10,
                2,
                1,
                Pages.ANYWHERE,
                Payload.SIGNED,
                Duration.ZERO,
                Duration.ofMillis(500),
                1,
                List.of());
        try (LoadGenerator generator = new LoadGenerator(target, plan, line -> {})) {
            BenchResult result = generator.run();
            return result.isClean();
        }
    }
}
