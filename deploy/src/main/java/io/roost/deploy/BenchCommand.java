package io.roost.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.roost.deploy.bench.BenchPlan;
import io.roost.deploy.bench.BenchResult;
import io.roost.deploy.bench.LoadGenerator;
import io.roost.deploy.bench.Operation;
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
import java.util.TreeMap;
import java.util.concurrent.Callable;
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
        subcommands = BenchCommand.S3.class)
final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "bench what? There is 'bench s3'");
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
                "  roost bench s3 mixed --mix get=70,put=30 --connections 64 --duration 30 --json",
                "",
                "The keys are taken from ROOST_ACCESS_KEY and ROOST_SECRET_KEY unless given.",
                "Exit code 1 when any request failed."
            })
    static final class S3 implements Callable<Integer> {
        /** A run that only writes goes over so many bytes again and again, to fill no disk. */
        private static final long WORKING_SET_BYTES = 1L << 30;

        private static final int MAX_OBJECTS = 1_000_000;
        private static final Map<Operation, Integer> DEFAULT_MIX = Map.of(
                Operation.GET, 60, Operation.PUT, 20, Operation.HEAD, 10, Operation.LIST, 2, Operation.DELETE, 8);

        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "OPERATION", description = "put, get, head, list, delete or mixed.")
        private String operation = "";

        @Option(
                names = "--endpoint",
                paramLabel = "URL",
                defaultValue = "http://127.0.0.1:9000",
                description = "The endpoint; ${DEFAULT-VALUE} when not given.")
        private URI endpoint;

        @ArgGroup(exclusive = false)
        private Keys keys = new Keys();

        @Option(names = "--region", defaultValue = "us-east-1", description = "Default: ${DEFAULT-VALUE}.")
        private String region;

        @Option(names = "--insecure", description = "Take any certificate of an https endpoint.")
        private boolean isInsecure;

        @Option(
                names = "--bucket",
                defaultValue = "roost-bench",
                description = "Must not exist. Default: ${DEFAULT-VALUE}.")
        private String bucket;

        @Option(
                names = "--size",
                defaultValue = "4k",
                description = "Of each object; k and m for KiB and MiB. Default: 4k.")
        private String size;

        @Option(
                names = "--objects",
                paramLabel = "N",
                description =
                        "Number of keys. Default: list 1000, delete 100,000, otherwise as many as make 1 GiB, at most 100,000.")
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
                description = "Of a round. Default: ${DEFAULT-VALUE}.")
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
                names = "--pid",
                paramLabel = "PID",
                description = "A server's process, for its CPU time per request; may be repeated.")
        private List<Long> pids = new ArrayList<>();

        @Option(names = "--json", description = "Print JSON.")
        private boolean isJson;

        /** Who asks. */
        static final class Keys {
            @Option(names = "--access-key", required = true, paramLabel = "K", defaultValue = "${env:ROOST_ACCESS_KEY}")
            private String accessKey = System.getenv("ROOST_ACCESS_KEY");

            @Option(names = "--secret-key", required = true, paramLabel = "S", defaultValue = "${env:ROOST_SECRET_KEY}")
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
                BenchResult result = generator.run();
                print(result, spec.commandLine().getOut());
                return result.isClean() ? 0 : CommandFailure.FAILED;
            } catch (LoadGenerator.BenchFailedException e) {
                throw new CommandFailure(CommandFailure.FAILED, e.getMessage());
            } catch (IOException e) {
                throw new CommandFailure(CommandFailure.COULD_NOT_RUN, e.toString());
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
            return new BenchPlan(
                    bucket,
                    chosen,
                    sizeBytes,
                    objects == null ? defaultObjects(chosen, sizeBytes) : objects,
                    connections,
                    threads,
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
            for (Operation one : Operation.values()) {
                if (one.name().toLowerCase(Locale.ROOT).equals(operation)) {
                    return Map.of(one, 1);
                }
            }
            throw new IllegalArgumentException("no operation " + operation + ": put, get, head, list, delete or mixed");
        }

        private static int defaultObjects(Map<Operation, Integer> mix, int sizeBytes) {
            if (mix.keySet().equals(java.util.Set.of(Operation.LIST))) {
                return 1000;
            }
            int most = mix.size() == 1 && mix.containsKey(Operation.PUT) ? MAX_OBJECTS : 100_000;
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

        private void print(BenchResult result, PrintWriter out) {
            if (isJson) {
                try {
                    out.println(
                            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(result));
                } catch (JsonProcessingException e) {
                    throw new IllegalStateException("a result of numbers and texts can be written", e);
                }
            } else {
                printText(result, out);
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
