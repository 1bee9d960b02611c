package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code roost status}. */
@Command(
        name = "status",
        description =
                "Shows the state of the cluster and of this node: health, monitors, OSDs, pools, placement groups, how "
                        + "recovery gets on, and what is damaged. "
                        + "Exit code 1 when its health is HEALTH_ERR.",
        footer = {"", "Examples:", "  roost status --json", "  roost status -w"})
final class StatusCommand extends NodeCommand {
    @Option(
            names = {"-w", "--watch"},
            description = "Show it again every two seconds, until interrupted.")
    private boolean isWatching;

    @Override
    boolean isRepeated() {
        return isWatching;
    }

    /** What was left at the look before, and when that was. */
    private Progress before;

    @Override
    JsonNode ask(AdminClient node) {
        JsonNode status = node.get("/status");
        if (before == null && status.has("recovery")) {
            // A rate needs two looks.
            before = Progress.of(status);
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            status = node.get("/status");
        }
        Progress now = Progress.of(status);
        if (before != null && status.path("recovery") instanceof ObjectNode recovery) {
            now.since(before, recovery);
        }
        before = now;
        return status;
    }

    /**
     * How far recovery has come.
     *
     * @param copies that are left
     * @param bytes of them, about
     * @param atNanos when that was
     */
    private record Progress(long copies, long bytes, long atNanos) {
        static Progress of(JsonNode status) {
            JsonNode recovery = status.path("recovery");
            return new Progress(
                    recovery.path("degraded").asLong()
                            + recovery.path("misplaced").asLong(),
                    recovery.path("leftBytes").asLong(),
                    System.nanoTime());
        }

        /** Tells the rate, and the time that is left at that rate; nothing when there is more left than before. */
        void since(Progress before, ObjectNode recovery) {
            double seconds = (atNanos - before.atNanos) / 1e9;
            double rate = (before.copies - copies) / seconds;
            if (rate > 0) {
                recovery.put("copiesPerSecond", Math.round(rate))
                        .put("bytesPerSecond", Math.round(Math.max(0, (before.bytes - bytes) / seconds)))
                        .put("secondsLeft", Math.round(copies / rate));
            }
        }
    }

    @Override
    int exitCode(JsonNode answer) {
        return answer.path("health").asText().equals("HEALTH_ERR") ? CommandFailure.FAILED : 0;
    }
}
