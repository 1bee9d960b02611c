package io.roost.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.roost.deploy.bench.BenchResult;
import io.roost.deploy.bench.MailLoad;
import io.roost.deploy.bench.MailOperation;
import io.roost.deploy.bench.MailPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code roost bench mail}. */
@Command(
        name = "mail",
        description = "Loads IMAP and LMTP servers and measures them: deliveries and appended messages are of 24 KiB on"
                + " average, as people send them. What it stores stays in the mailboxes.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  roost bench mail deliver --account ada:secret --connections 16 --pid 4711",
            "  roost bench mail mixed --account ada:secret --account bob:secret --json",
            "",
            "Exit code 1 when anything failed."
        })
final class BenchMailCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "OPERATION", description = "deliver, append, fetch, store, select or mixed.")
    private String operation = "";

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Default: ${DEFAULT-VALUE}.")
    private String host;

    @Option(names = "--imap-port", paramLabel = "N", defaultValue = "1143", description = "Default: ${DEFAULT-VALUE}.")
    private int imapPort;

    @Option(names = "--lmtp-port", paramLabel = "N", defaultValue = "1024", description = "Default: ${DEFAULT-VALUE}.")
    private int lmtpPort;

    @Option(
            names = "--account",
            paramLabel = "NAME:PASSWORD",
            required = true,
            description = "A mailbox that exists; may be repeated: connections use them in turn.")
    private List<String> accounts = new ArrayList<>();

    @Option(
            names = "--recipients",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of each delivery. Default: ${DEFAULT-VALUE}.")
    private int recipients;

    @Option(
            names = "--messages",
            paramLabel = "N",
            defaultValue = "200",
            description = "That each INBOX has before it is read. Default: ${DEFAULT-VALUE}.")
    private int messages;

    @Option(names = "--connections", paramLabel = "N", defaultValue = "4", description = "Default: ${DEFAULT-VALUE}.")
    private int connections;

    @Option(names = "--warm-up", paramLabel = "SECONDS", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}.")
    private double warmUpSeconds;

    @Option(
            names = "--duration",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "Of a round. Default: ${DEFAULT-VALUE}.")
    private double durationSeconds;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "1",
            description = "The median round is reported. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--pid",
            paramLabel = "PID",
            description =
                    "A server's process, for its CPU time and that of its children per operation; may be repeated.")
    private List<Long> pids = new ArrayList<>();

    @Option(names = "--json", description = "Print JSON.")
    private boolean isJson;

    @Override
    public Integer call() throws InterruptedException {
        MailPlan plan;
        try {
            plan = plan();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        PrintWriter err = spec.commandLine().getErr();
        try {
            MailLoad.Result result = new MailLoad(plan, line -> err.println("bench: " + line)).run();
            print(result);
            return result.isClean() ? 0 : CommandFailure.FAILED;
        } catch (IOException e) {
            throw new CommandFailure(CommandFailure.COULD_NOT_RUN, Reason.of(e));
        }
    }

    private MailPlan plan() {
        List<MailPlan.Account> named = new ArrayList<>();
        for (String account : accounts) {
            int colon = account.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("'" + account + "' is no NAME:PASSWORD");
            }
            named.add(new MailPlan.Account(account.substring(0, colon), account.substring(colon + 1)));
        }
        return new MailPlan(
                host,
                imapPort,
                lmtpPort,
                named,
                chosen(),
                recipients,
                messages,
                connections,
                Duration.ofMillis((long) (warmUpSeconds * 1000)),
                Duration.ofMillis((long) (durationSeconds * 1000)),
                rounds,
                pids);
    }

    private MailOperation chosen() {
        for (MailOperation one : MailOperation.values()) {
            if (one.name().toLowerCase(Locale.ROOT).equals(operation)) {
                return one;
            }
        }
        throw new IllegalArgumentException(
                "no operation " + operation + ": deliver, append, fetch, store, select or mixed");
    }

    private void print(MailLoad.Result result) {
        PrintWriter out = spec.commandLine().getOut();
        if (isJson) {
            try {
                out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(result));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a result of numbers and texts can be written", e);
            }
        } else {
            result.rounds().forEach(round -> out.println(line(round)));
            if (result.rounds().size() > 1) {
                out.println("median: " + line(result.median()));
            }
            result.errors().forEach((what, count) -> out.println("error: " + what + ": " + count));
        }
        out.flush();
    }

    private static String line(BenchResult.Round round) {
        String server = round.serverCpuMicrosPerRequest() == null
                ? ""
                : String.format(Locale.ROOT, ", server CPU %.0f µs per operation", round.serverCpuMicrosPerRequest());
        return String.format(
                Locale.ROOT,
                "%,.0f operations/s, %.1f MB/s, p50 %.2f ms, p99 %.2f ms, max %.2f ms%s, client CPU %.0f µs",
                round.requestsPerSecond(),
                round.megabytesPerSecond(),
                round.latency().p50Micros() / 1000.0,
                round.latency().p99Micros() / 1000.0,
                round.latency().maxMicros() / 1000.0,
                server,
                round.clientCpuMicrosPerRequest());
    }
}
