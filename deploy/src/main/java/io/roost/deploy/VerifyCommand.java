package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

/** {@code roost verify}. */
@Command(
        name = "verify",
        description = "Checks everything that a node stores while it goes on serving, and changes nothing. "
                + "Exit code 0: clean; 1: there are findings; 2: could not run.",
        footer = {"", "Example:", "  roost verify && echo clean"})
final class VerifyCommand extends NodeCommand {
    @Override
    JsonNode ask(AdminClient node) {
        return node.run("/verify", object());
    }

    @Override
    int exitCode(JsonNode answer) {
        return answer.path("findings").isEmpty() ? 0 : CommandFailure.FAILED;
    }

    @Override
    void print(JsonNode answer, StringBuilder out) {
        for (JsonNode finding : answer.path("findings")) {
            out.append(finding.path("kind").asText())
                    .append(": ")
                    .append(finding.path("where").asText())
                    .append(": ")
                    .append(finding.path("detail").asText())
                    .append('\n');
        }
        int findings = answer.path("findings").size();
        out.append(findings == 0 ? "clean" : findings + " findings").append('\n');
        JsonText.append(answer.path("checked"), out);
    }
}
