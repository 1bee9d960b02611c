package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code roost status}. */
@Command(
        name = "status",
        description = "Shows a node's state: its health, monitors, disks and pools, and what is damaged. "
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

    @Override
    JsonNode ask(AdminClient node) {
        return node.get("/status");
    }

    @Override
    int exitCode(JsonNode answer) {
        return answer.path("health").asText().equals("HEALTH_ERR") ? CommandFailure.FAILED : 0;
    }
}
