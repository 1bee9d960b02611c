package io.roost.deploy.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/**
 * Runs a plan against an endpoint: creates the bucket, writes what the run reads, sends requests over a fixed number of
 * connections each with one in flight, and removes what it has written. Blocks the calling thread until the end.
 */
public final class LoadGenerator implements AutoCloseable {
    /** A request without an answer for so long ends the run. */
    private static final long ANSWER_SECONDS = 60;

    /** Longest preparation or clean-up. */
    private static final long PREPARATION_SECONDS = 1800;

    private static final List<Long> SELF = List.of(ProcessHandle.current().pid());

    private final S3Target target;
    private final BenchPlan plan;
    private final Consumer<String> progress;
    private final List<EventLoopGroup> loops = new ArrayList<>();
    private final List<S3Connection> connections = new ArrayList<>();
    private final Map<String, Long> errors = new TreeMap<>();

    /** A run that could not go on. */
    public static final class BenchFailedException extends Exception {
        private static final long serialVersionUID = 1L;

        /** What stood in the way. */
        public BenchFailedException(String message) {
            super(message);
        }
    }

    /**
     * Opens nothing yet.
     *
     * @param progress told, in a few words, what is being done
     */
    public LoadGenerator(S3Target target, BenchPlan plan, Consumer<String> progress) throws SSLException {
        this.target = target;
        this.plan = plan;
        this.progress = progress;
        SslContext tls = tls();
        List<RequestWriter> writers = new ArrayList<>();
        for (int i = 0; i < plan.threads(); i++) {
            IoHandlerFactory handlers = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
            loops.add(new MultiThreadIoEventLoopGroup(1, handlers));
            writers.add(new RequestWriter(target, plan));
        }
        Class<? extends Channel> channel = Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class;
        for (int i = 0; i < plan.connections(); i++) {
            int thread = i % plan.threads();
            Bootstrap bootstrap = new Bootstrap()
                    .group(loops.get(thread))
                    .channel(channel)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 10_000);
            connections.add(new S3Connection(bootstrap, target, tls, writers.get(thread), plan, i));
        }
    }

    private SslContext tls() throws SSLException {
        if (!target.isTls()) {
            return null;
        }
        SslContextBuilder builder = SslContextBuilder.forClient();
        if (target.certificates() == S3Target.Certificates.UNCHECKED) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm("");
        }
        return builder.build();
    }

    /**
     * Carries out the plan. The bucket is removed also after a failure.
     *
     * @throws BenchFailedException when the run could not be prepared, or an answer did not come
     * @throws IOException when a server's CPU time cannot be read
     */
    public BenchResult run() throws BenchFailedException, IOException, InterruptedException {
        // Asked first: a wrong process id should not cost a whole run.
        ProcessCpu.micros(plan.serverPids());
        prepare("create the bucket", StepSource.eachOnce(Operation.CREATE_BUCKET, 1));
        try {
            if (plan.needsObjects()) {
                prepare("write " + plan.objects() + " objects", StepSource.eachOnce(Operation.PUT, plan.objects()));
            }
            return measure();
        } finally {
            cleanUp();
        }
    }

    private void prepare(String what, StepSource source) throws BenchFailedException, InterruptedException {
        progress.accept(what);
        Map<String, Long> failures = runToTheEnd(source);
        if (!failures.isEmpty()) {
            throw new BenchFailedException("could not " + what + ": " + failures);
        }
    }

    private Map<String, Long> runToTheEnd(StepSource source) throws BenchFailedException, InterruptedException {
        Phase phase = Phase.toTheEnd(source, plan.connections(), plan.threads());
        connections.forEach(connection -> connection.run(phase));
        if (!phase.awaitEnd(TimeUnit.SECONDS.toNanos(PREPARATION_SECONDS))) {
            throw new BenchFailedException("no end within " + PREPARATION_SECONDS + " s");
        }
        return phase.allErrors();
    }

    private void cleanUp() throws BenchFailedException, InterruptedException {
        // A run that both reads and writes has two ranges of keys, see StepSource.mixed.
        int keys = plan.needsObjects() && plan.has(Operation.PUT) ? 2 * plan.objects() : plan.objects();
        prepare("delete the objects", StepSource.deleteAll(keys));
        prepare("delete the bucket", StepSource.eachOnce(Operation.DELETE_BUCKET, 1));
    }

    private BenchResult measure() throws BenchFailedException, IOException, InterruptedException {
        progress.accept("warm up for " + plan.warmUp().toSeconds() + " s, then measure " + plan.rounds() + " x "
                + plan.round().toMillis() / 1000.0 + " s");
        Phase phase = Phase.timed(StepSource.mixed(plan), plan);
        connections.forEach(connection -> connection.run(phase));
        List<Sample> samples = new ArrayList<>();
        boolean ended = false;
        for (int i = 0; i <= plan.rounds() && !ended; i++) {
            ended = phase.awaitEnd(phase.roundBeginNanos(i) - System.nanoTime());
            samples.add(sample());
        }
        if (!phase.awaitEnd(TimeUnit.SECONDS.toNanos(ANSWER_SECONDS))) {
            throw new BenchFailedException("a request had no answer within " + ANSWER_SECONDS + " s");
        }
        errors.putAll(phase.allErrors());
        List<BenchResult.Round> rounds = new ArrayList<>();
        for (int i = 0; i + 1 < samples.size(); i++) {
            rounds.add(round(phase.total(i), samples.get(i), samples.get(i + 1)));
        }
        if (rounds.isEmpty()) {
            throw new BenchFailedException("nothing was left to ask before the first round began: " + errors);
        }
        return new BenchResult(
                target.endpoint().toString(),
                new TreeMap<>(plan.mix()).toString(),
                plan.sizeBytes(),
                plan.connections(),
                plan.payload(),
                plan.warmUp().toMillis() / 1000.0,
                rounds,
                BenchResult.medianOf(rounds),
                errors);
    }

    private record Sample(long nanos, long serverMicros, long clientMicros) {}

    private Sample sample() throws IOException {
        return new Sample(System.nanoTime(), ProcessCpu.micros(plan.serverPids()), ProcessCpu.micros(SELF));
    }

    private BenchResult.Round round(Phase.Tally tally, Sample begin, Sample end) {
        double seconds = (end.nanos() - begin.nanos()) / 1e9;
        long requests = tally.latency().total();
        double perRequest = Math.max(1, requests);
        Double server = plan.serverPids().isEmpty() ? null : (end.serverMicros() - begin.serverMicros()) / perRequest;
        return new BenchResult.Round(
                seconds,
                requests,
                requests / seconds,
                tally.bodyBytes() / seconds / 1e6,
                new BenchResult.Latency(
                        tally.latency().quantileMicros(0.5),
                        tally.latency().quantileMicros(0.99),
                        tally.latency().maxMicros()),
                tally.errors().values().stream().mapToLong(Long::longValue).sum(),
                server,
                (end.clientMicros() - begin.clientMicros()) / perRequest);
    }

    /** Closes the connections and ends the threads. */
    @Override
    public void close() {
        connections.forEach(S3Connection::close);
        for (EventLoopGroup loop : loops) {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
        }
    }
}
