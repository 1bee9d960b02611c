package io.roost.deploy.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.roost.deploy.RoostProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One node that is full of data becomes three nodes with three replicas, by the commands that the README gives, while clients
 * go on; then everything is read from every node.
 */
final class Growth {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NODES = 3;
    private static final int SHOWN_SECONDS = 10;
    private static final int PATIENCE_SECONDS = 3_600;

    private final Lab one;
    private final Lab three;
    private final long gibibytes;
    private int progressShown;

    private Growth(Lab one, Lab three, long gibibytes) {
        this.one = one;
        this.three = three;
        this.gibibytes = gibibytes;
    }

    /** Runs {@code RUN_FOLDER S3_PORT PORT GIB SEED} on a lab of one node with room for three. */
    public static void main(String[] arguments) throws Exception {
        Path run = Path.of(arguments[0]);
        int s3Port = Integer.parseInt(arguments[1]);
        int port = Integer.parseInt(arguments[2]);
        Growth growth = new Growth(
                new Lab(run, 1, s3Port, port), new Lab(run, NODES, s3Port, port), Long.parseLong(arguments[3]));
        System.exit(growth.run(Long.parseLong(arguments[4])) ? 0 : 1);
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    private boolean run(long seed) throws IOException, InterruptedException {
        Torture clients = new Torture(one, seed);
        Cargo cargo = new Cargo(one.access(), Torture.BUCKET, gibibytes << 30);
        clients.begin();
        long began = System.nanoTime();
        cargo.load(1);
        double seconds = seconds(began);
        say(
                "report one node was given %,d objects, %.1f GiB, in %.0f s: %.0f MB/s",
                cargo.objects(), cargo.bytes() / (double) (1 << 30), seconds, cargo.bytes() / seconds / 1e6);
        boolean isWell = clients.runOnly(
                new Fault("growth to three nodes", Fault.Kind.OTHER, Set.of(), Fault.Serves.EVERYTHING, lab -> grow()));
        Violations violations = new Violations(System.out::println);
        began = System.nanoTime();
        cargo.check(List.of(1, 2, 3), violations);
        say("report read from all three in %.0f s: %s", seconds(began), violations);
        say("%s  the time that is left was shown %d times", progressShown == 0 ? "FAIL" : "ok  ", progressShown);
        return isWell && violations.total() == 0 && progressShown > 0;
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    private void grow() throws IOException, InterruptedException {
        long began = System.nanoTime();
        for (int node = 2; node <= NODES; node++) {
            one.command("add");
            say("report node %d is there after %.0f s", node, seconds(began));
        }
        long widened = System.nanoTime();
        for (String pool : List.of("system", "data")) {
            RoostProcess.command(0, "pool", "set", pool, "size", "3", "--data", data());
        }
        while (true) {
            Optional<Double> whole = three.awaitWhole(SHOWN_SECONDS);
            if (whole.isPresent()) {
                break;
            }
            if (seconds(widened) > PATIENCE_SECONDS) {
                throw new IOException("not whole: " + three.notWhole());
            }
            show(seconds(widened));
        }
        double seconds = seconds(widened);
        long copied = 2 * (gibibytes << 30);
        say(
                "report three replicas of everything after %.0f s: some %.0f MB/s under load",
                seconds, copied / seconds / 1e6);
    }

    private String data() {
        return one.data(1).toString();
    }

    /** What {@code roost status} says of recovery. */
    private void show(double seconds) throws IOException, InterruptedException {
        JsonNode now = JSON.readTree(RoostProcess.printed("status", "--json", "--data", data()))
                .path("recovery");
        if (now.has("secondsLeft")) {
            progressShown++;
        }
        say(
                "      %4.0f s: of %,d copies %,d degraded, %,d misplaced; %.0f MB/s, %s s left",
                seconds,
                now.path("copies").asLong(),
                now.path("degraded").asLong(),
                now.path("misplaced").asLong(),
                now.path("bytesPerSecond").asDouble() / 1e6,
                now.path("secondsLeft").asText("?"));
    }
}
