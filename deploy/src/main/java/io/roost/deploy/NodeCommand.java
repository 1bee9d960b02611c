package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that asks a running node and prints its answer. */
@Command(mixinStandardHelpOptions = true)
abstract class NodeCommand implements Callable<Integer> {
    private static final long REPEAT_SECONDS = 2;

    @Spec
    private CommandSpec spec;

    @Mixin
    private NodeOptions options;

    /** Asks, and returns what is to be printed, a missing node for nothing. */
    abstract JsonNode ask(AdminClient node);

    /** The exit code for an answer. */
    int exitCode(JsonNode answer) {
        return 0;
    }

    /** Prints an answer for a person; as a table of names and values unless a command has a better way. */
    void print(JsonNode answer, StringBuilder out) {
        JsonText.append(answer, out);
    }

    /** True when it asks again, after a while. */
    boolean isRepeated() {
        return false;
    }

    @Override
    public final Integer call() throws InterruptedException {
        while (true) {
            int exitCode = once();
            if (!isRepeated()) {
                return exitCode;
            }
            TimeUnit.SECONDS.sleep(REPEAT_SECONDS);
        }
    }

    private int once() {
        JsonNode answer = ask(options.client(System.getenv()));
        StringBuilder text = new StringBuilder();
        if (options.isJson()) {
            text.append(answer.isMissingNode() ? "{}" : answer.toPrettyString()).append('\n');
        } else if (!answer.isMissingNode()) {
            print(answer, text);
        }
        spec.commandLine().getOut().print(text);
        spec.commandLine().getOut().flush();
        return exitCode(answer);
    }

    /** An empty JSON object. */
    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Adds a member that was given. */
    static void putGiven(ObjectNode object, String name, String value) {
        if (value != null) {
            object.put(name, value);
        }
    }
}
