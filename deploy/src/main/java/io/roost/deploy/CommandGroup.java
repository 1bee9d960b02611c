package io.roost.deploy;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that is only the first word of others. */
abstract class CommandGroup implements Runnable {
    private final String question;

    @Spec
    private CommandSpec spec;

    /** @param question for whoever gives no second word: names those that there are */
    CommandGroup(String question) {
        this.question = question;
    }

    @Override
    public final void run() {
        throw new ParameterException(spec.commandLine(), question);
    }
}
