package io.roost.deploy;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The {@code roost} program. Exit codes: 0 done, 1 failed (or findings), 2 could not run (wrong arguments, no node).
 */
@Command(
        name = "roost",
        description = "An object store with an S3 interface.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        footer = {
            "",
            "Examples:",
            "  roost dev                     start a server here; it says how to use it",
            "  roost dev --temp --s3-port 0  the same with throw-away data on a free port",
            "  roost COMMAND --help          what a command does, with an example"
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    private static final String LOGBACK = "logback.configurationFile";

    private Main() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // By a name of ours: a logback.xml in this jar would also be that of programs that only embed a node.
        if (System.getProperty(LOGBACK) == null) {
            System.setProperty(LOGBACK, "roost-logback.xml");
        }
        int exitCode = execute(arguments);
        // A server has started when `dev` returns from its last line: it ends with its own signal handlers.
        System.exit(exitCode);
    }

    /** Runs the command and returns its exit code. */
    static int execute(String... arguments) {
        return commandLine(arguments).execute(arguments);
    }

    /** Every command by name, in the order of the help. */
    static Map<String, Supplier<Object>> commands() {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("dev", DevCommand::new);
        commands.put("init", InitCommand::new);
        commands.put("join", JoinCommand::new);
        commands.put("token", TokenCommand::new);
        commands.put("node", ServeCommand::new);
        commands.put("status", StatusCommand::new);
        commands.put("health", ClusterCommands.Health::new);
        commands.put("osd", OsdCommand::new);
        commands.put("host", HostCommand::new);
        commands.put("pool", PoolCommand::new);
        commands.put("config", ConfigCommand::new);
        commands.put("pg", ClusterCommands.Pg::new);
        commands.put("user", UserCommand::new);
        commands.put("key", KeyCommand::new);
        commands.put("bucket", BucketCommand::new);
        commands.put("mailbox", MailboxCommand::new);
        commands.put("gc", GcCommand::new);
        commands.put("verify", VerifyCommand::new);
        commands.put("crush", CrushCommand::new);
        commands.put("bench", BenchCommand::new);
        return commands;
    }

    /**
     * Reads only the annotations of the command that is asked for: reading them all costs a server's start a tenth of a
     * second.
     */
    static CommandLine commandLine(String... arguments) {
        CommandLine root = new CommandLine(new Main());
        Map<String, Supplier<Object>> commands = commands();
        Supplier<Object> wanted = arguments.length == 0 ? null : commands.get(arguments[0]);
        if (wanted != null) {
            root.addSubcommand(arguments[0], wanted.get());
        } else {
            commands.forEach((name, command) -> root.addSubcommand(name, command.get()));
        }
        root.setExecutionExceptionHandler(Main::failed);
        root.setParameterExceptionHandler(Main::misused);
        root.setUsageHelpAutoWidth(true);
        root.setCaseInsensitiveEnumValuesAllowed(true);
        return root;
    }

    private static int failed(Exception failure, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (failure instanceof CommandFailure told) {
            command.getErr().println("roost: " + told.getMessage());
            return told.exitCode();
        }
        // Anything else is a defect, and its stack trace is what a report needs.
        throw failure;
    }

    private static int misused(CommandLine.ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("roost: " + message(failure, command));
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(failure, err)) {
            err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        return CommandFailure.COULD_NOT_RUN;
    }

    private static String message(CommandLine.ParameterException failure, CommandLine command) {
        if (failure instanceof CommandLine.UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            String word = unmatched.getUnmatched().get(0);
            return command.getSubcommands().isEmpty()
                    ? "'" + word + "' is one word too many"
                    : "there is no command '" + command.getCommandSpec().qualifiedName() + " " + word + "'";
        }
        return failure.getMessage();
    }

    /** Without a command: the help, and the exit code of a misuse. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw new CommandFailure(CommandFailure.COULD_NOT_RUN, "which command?");
    }

    /** The version of this program, from the jar's manifest. */
    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }

    /** The version from the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"roost " + version()};
        }
    }
}
