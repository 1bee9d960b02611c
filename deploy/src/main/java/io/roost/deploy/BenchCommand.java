package io.roost.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.roost.deploy.bench.BenchPlan;
import io.roost.deploy.bench.BenchResult;
import io.roost.deploy.bench.Contents;
import io.roost.deploy.bench.LoadGenerator;
import io.roost.deploy.bench.Operation;
import io.roost.deploy.bench.Pages;
import io.roost.deploy.bench.Payload;
import io.roost.deploy.bench.S3Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code roost bench}: measures servers. */
@Command(
        name = "bench",
        description = "Measures a server.",
        mixinStandardHelpOptions = true,
        subcommands = {BenchCommand.S3.class, BenchMailCommand.class})
final class BenchCommand extends CommandGroup {
    BenchCommand() {
        super("bench what? There are s3 and mail");
    }

    /** {@code roost bench s3}. */
    @Command(
            name = "s3",
            description =
                    "Loads an S3 endpoint and measures it. Creates a bucket, writes the objects that the run reads, "
                            + "warms up, measures, and removes all of it.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Examples:",
                "  roost bench s3 put --endpoint http://127.0.0.1:9000 --size 4k --pid 4711",
                "  roost bench s3 mixed --mix get=70,put=30 --connections 64 --json",
                "",
                "A large bucket that is listed several times:",
                "  roost bench s3 fill --objects 1000000 --size 100",
                "  roost bench s3 list --objects 1000000 --filled --page middle --pid 4711",
                "  roost bench s3 clear --objects 1000000",
                "",
                "Exit code 1 when any request failed."
            })
    static final class S3 implements Callable<Integer> {
        /** A run that only writes goes over so many bytes again and again, to fill no disk. */
        private static final long WORKING_SET_BYTES = 1L << 30;

        private static final int MAX_WRITTEN_OBJECTS = 1_000_000;

        /** These are written before the run; so many deletes take some seconds. */
        private static final int MAX_READ_OBJECTS = 20_000;

        private static final String FILL = "fill";
        private static final String CLEAR = "clear";
        private static final Map<Operation, Integer> DEFAULT_MIX = Map.of(
                Operation.GET, 60, Operation.PUT, 20, Operation.HEAD, 10, Operation.LIST, 2, Operation.DELETE, 8);

        @Spec
        private CommandSpec spec;

        @Parameters(
                paramLabel = "OPERATION",
                description =
                        "put, get, head, list, delete or mixed. Beside these, fill makes a bucket with objects that stay, "
                                + "for runs with --filled, and clear deletes the objects.")
        private String operation = "";

        @Option(
                names = "--endpoint",
                paramLabel = "URL",
                defaultValue = "http://127.0.0.1:9000",
                description = "The endpoint; ${DEFAULT-VALUE} when not given.")
        private URI endpoint;

        @ArgGroup(exclusive = false)
        private Keys keys = new Keys();

        @Option(
                names = "--region",
                paramLabel = "NAME",
                defaultValue = "us-east-1",
                description = "Default: ${DEFAULT-VALUE}.")
        private String region;

        @Option(names = "--insecure", description = "Take any certificate of an https endpoint.")
        private boolean isInsecure;

        @Option(
                names = "--bucket",
                paramLabel = "NAME",
                defaultValue = "roost-bench",
                description = "Must not exist, except with --filled and for clear. Default: ${DEFAULT-VALUE}.")
        private String bucket;

        @Option(
                names = "--filled",
                description = "The bucket and its --objects objects are there (see fill), and stay. Only for reading.")
        private boolean isFilled;

        @Option(
                names = "--size",
                paramLabel = "SIZE",
                defaultValue = "4k",
                description = "Of each object; k and m for KiB and MiB. Default: 4k.")
        private String size;

        @Option(
                names = "--objects",
                paramLabel = "N",
                description =
                        "Number of keys. Default: list 1000, put as many as make 1 GiB, otherwise as many as make 1 GiB, at "
                                + "most 20,000.")
        private Integer objects;

        @Option(
                names = "--connections",
                paramLabel = "N",
                defaultValue = "16",
                description = "Default: ${DEFAULT-VALUE}.")
        private int connections;

        @Option(
                names = "--threads",
                paramLabel = "N",
                defaultValue = "1",
                description = "Of the client. Default: ${DEFAULT-VALUE}.")
        private int threads;

        @Option(
                names = "--payload",
                paramLabel = "MODE",
                defaultValue = "unsigned",
                description = "unsigned, signed (SHA-256) or crc32. Default: unsigned.")
        private Payload payload;

        @Option(
                names = "--warm-up",
                paramLabel = "SECONDS",
                defaultValue = "5",
                description = "Default: ${DEFAULT-VALUE}.")
        private double warmUpSeconds;

        @Option(
                names = "--duration",
                paramLabel = "SECONDS",
                defaultValue = "10",
                description =
                        "Of a round; one of deletes ends earlier when all objects are gone. Default: ${DEFAULT-VALUE}.")
        private double durationSeconds;

        @Option(
                names = "--rounds",
                paramLabel = "N",
                defaultValue = "1",
                description = "The median round is reported. Default: ${DEFAULT-VALUE}.")
        private int rounds;

        @Option(
                names = "--mix",
                split = ",",
                paramLabel = "OPERATION=SHARE",
                description = "Shares of a mixed run. Default: get=60,put=20,head=10,delete=8,list=2.")
        private Map<Operation, Integer> mix = new TreeMap<>();

        @Option(
                names = "--page",
                paramLabel = "PLACE",
                defaultValue = "anywhere",
                description = "Which page to list: beginning, middle, end (the last full one) or anywhere. "
                        + "Default: ${DEFAULT-VALUE}.")
        private Pages.Place page;

        @Option(names = "--folders", description = "List with a delimiter: entries are common prefixes.")
        private boolean listsFolders;

        @Option(
                names = "--part",
                paramLabel = "PART",
                defaultValue = "1",
                description = "Of clear: only this first part of the order of keys, such as 0.8. Default: all.")
        private double part;

        @Option(
                names = "--pid",
                paramLabel = "PID",
                description = "A server's process, for its CPU time per request; may be repeated.")
        private List<Long> pids = new ArrayList<>();

        @Option(names = "--json", description = "Print JSON.")
        private boolean isJson;

        /** Who asks. */
        static final class Keys {
            @Option(
                    names = "--access-key",
                    required = true,
                    paramLabel = "K",
                    defaultValue = "${env:ROOST_ACCESS_KEY}",
                    description = "Who asks. Default: ROOST_ACCESS_KEY of the environment.")
            private String accessKey = System.getenv("ROOST_ACCESS_KEY");

            @Option(
                    names = "--secret-key",
                    required = true,
                    paramLabel = "S",
                    defaultValue = "${env:ROOST_SECRET_KEY}",
                    description = "Its secret. Default: ROOST_SECRET_KEY of the environment.")
            private String secretKey = System.getenv("ROOST_SECRET_KEY");
        }

        @Override
        public Integer call() throws InterruptedException {
            S3Target target;
            BenchPlan plan;
            try {
                target = target();
                plan = plan();
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), e.getMessage(), e);
            }
            PrintWriter err = spec.commandLine().getErr();
            try (LoadGenerator generator = new LoadGenerator(target, plan, line -> err.println("bench: " + line))) {
                return switch (operation) {
                    case FILL -> printed(generator.fill());
                    case CLEAR -> printed(generator.clear(part));
                    default -> printed(generator.run());
                };
            } catch (LoadGenerator.BenchFailedException e) {
                throw new CommandFailure(CommandFailure.FAILED, e.getMessage());
            } catch (IOException e) {
                throw new CommandFailure(CommandFailure.COULD_NOT_RUN, Reason.of(e));
            }
        }

        private S3Target target() {
            if (keys.accessKey == null || keys.secretKey == null) {
                throw new IllegalArgumentException(
                        "no keys: give --access-key and --secret-key or set ROOST_ACCESS_KEY and ROOST_SECRET_KEY");
            }
            return new S3Target(
                    endpoint,
                    keys.accessKey,
                    keys.secretKey,
                    region,
                    isInsecure ? S3Target.Certificates.UNCHECKED : S3Target.Certificates.CHECKED);
        }

        private BenchPlan plan() {
            int sizeBytes = bytes(size);
            Map<Operation, Integer> chosen = chosenMix();
            if (part <= 0 || part > 1) {
                throw new IllegalArgumentException("--part is above 0 and at most 1");
            }
            return new BenchPlan(
                    bucket,
                    isFilled ? Contents.FILLED : Contents.OWN,
                    chosen,
                    sizeBytes,
                    objects == null ? defaultObjects(chosen, sizeBytes) : objects,
                    connections,
                    threads,
                    new Pages(page, listsFolders ? Pages.Entries.FOLDERS : Pages.Entries.KEYS),
                    payload,
                    Duration.ofMillis((long) (warmUpSeconds * 1000)),
                    Duration.ofMillis((long) (durationSeconds * 1000)),
                    rounds,
                    pids);
        }

        private Map<Operation, Integer> chosenMix() {
            if (operation.equals("mixed")) {
                return mix.isEmpty() ? DEFAULT_MIX : mix;
            }
            if (!mix.isEmpty()) {
                throw new IllegalArgumentException("--mix belongs to a mixed run");
            }
            if (operation.equals(FILL) || operation.equals(CLEAR)) {
                // What they are for.
                return Map.of(Operation.LIST, 1);
            }
            for (Operation one : Operation.values()) {
                if (one.name().toLowerCase(Locale.ROOT).equals(operation)) {
                    return Map.of(one, 1);
                }
            }
            throw new IllegalArgumentException(
                    "no operation " + operation + ": put, get, head, list, delete, mixed, fill or clear");
        }

        private static int defaultObjects(Map<Operation, Integer> mix, int sizeBytes) {
            if (mix.keySet().equals(Set.of(Operation.LIST))) {
                return 1000;
            }
            int most = mix.keySet().equals(Set.of(Operation.PUT)) ? MAX_WRITTEN_OBJECTS : MAX_READ_OBJECTS;
            return (int) Math.max(16, Math.min(most, WORKING_SET_BYTES / Math.max(1, sizeBytes)));
        }

        /** The bytes of a size such as 4096, 4k or 4m. */
        static int bytes(String size) {
            String digits = size.toLowerCase(Locale.ROOT);
            int shift = digits.endsWith("k") ? 10 : digits.endsWith("m") ? 20 : 0;
            try {
                long number = Long.parseLong(shift == 0 ? digits : digits.substring(0, digits.length() - 1));
                if (number < 0 || number > BenchPlan.MAX_SIZE_BYTES >> shift) {
                    throw new IllegalArgumentException("size is 0 to 1 GiB");
                }
                return (int) (number << shift);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("not a size: " + size, e);
            }
        }

        private int printed(BenchResult result) {
            print(result, out -> printText(result, out));
            return result.isClean() ? 0 : CommandFailure.FAILED;
        }

        private int printed(LoadGenerator.Preparation preparation) {
            String server = pids.isEmpty()
                    ? ""
                    : String.format(
                            Locale.ROOT, ", server CPU %.0f µs per object", preparation.serverCpuMicrosPerObject());
            print(
                    preparation,
                    out -> out.println(String.format(
                            Locale.ROOT,
                            "%,d objects in %.1f s%s",
                            preparation.objects(),
                            preparation.seconds(),
                            server)));
            return 0;
        }

        private void print(Object result, Consumer<PrintWriter> asText) {
            PrintWriter out = spec.commandLine().getOut();
            if (isJson) {
                try {
                    out.println(
                            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(result));
                } catch (JsonProcessingException e) {
                    throw new IllegalStateException("a result of numbers and texts can be written", e);
                }
            } else {
                asText.accept(out);
            }
            out.flush();
        }

        private static void printText(BenchResult result, PrintWriter out) {
            for (BenchResult.Round round : result.rounds()) {
                out.println(line(round));
            }
            if (result.rounds().size() > 1) {
                out.println("median: " + line(result.median()));
            }
            if (result.rounds().stream().anyMatch(round -> round.requests() == 0)) {
                out.println("error: nothing was answered in a whole round");
            }
            result.errors().forEach((what, count) -> out.println("error: " + what + ": " + count));
        }

        private static String line(BenchResult.Round round) {
            String server = round.serverCpuMicrosPerRequest() == null
                    ? ""
                    : String.format(Locale.ROOT, ", server CPU %.0f µs per request", round.serverCpuMicrosPerRequest());
            return String.format(
                    Locale.ROOT,
                    "%,.0f requests/s, %.1f MB/s, p50 %.2f ms, p99 %.2f ms, max %.2f ms, %d failed%s, client CPU %.0f µs",
                    round.requestsPerSecond(),
                    round.megabytesPerSecond(),
                    round.latency().p50Micros() / 1000.0,
                    round.latency().p99Micros() / 1000.0,
                    round.latency().maxMicros() / 1000.0,
                    round.failed(),
                    server,
                    round.clientCpuMicrosPerRequest());
        }
    }
}
