package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

/** {@code roost status}. */
@Command(
        name = "status",
        description = "Shows a node's state: its health, its disks and pools, and what is damaged. "
                + "Exit code 1 when its health is HEALTH_ERR.",
        footer = {"", "Example:", "  roost status --json"})
final class StatusCommand extends NodeCommand {
    @Override
    JsonNode ask(AdminClient node) {
        return node.get("/status");
    }

    @Override
    int exitCode(JsonNode answer) {
        return answer.path("health").asText().equals("HEALTH_ERR") ? CommandFailure.FAILED : 0;
    }
}
