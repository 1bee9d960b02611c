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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import javax.net.ssl.SSLException;

/**
 * Runs a plan against an endpoint: creates the bucket, writes what the run reads, sends requests over a fixed number of
 * connections each with one in flight, and removes what it has written. For a run on a bucket that is there already,
 * {@link #fill} makes it before and {@link #clear} removes its objects, or some of them. Blocks the calling thread until
 * the end.
 */
public final class LoadGenerator implements AutoCloseable {
    /** A request without an answer for so long ends the run. */
    private static final long ANSWER_SECONDS = 60;

    /** Longest preparation or clean-up. */
    private static final long PREPARATION_SECONDS = 3600;

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
     * Carries out the plan. A bucket of the run's own is removed also after a failure.
     *
     * @throws BenchFailedException when the run could not be prepared, or an answer did not come
     * @throws IOException when a server's CPU time cannot be read
     */
    public BenchResult run() throws BenchFailedException, IOException, InterruptedException {
        // Asked first: a wrong process id should not cost a whole run.
        ProcessCpu.micros(plan.serverPids());
        if (plan.contents() == Contents.FILLED) {
            return measure();
        }
        prepare("create the bucket", StepSource.eachOnce(Operation.CREATE_BUCKET, 1));
        try {
            if (plan.deletesOnly()) {
                return measureDeletes();
            }
            if (plan.needsObjects()) {
                write();
            }
            return measure();
        } finally {
            cleanUp();
        }
    }

    /**
     * Creates the bucket and writes every object once; they stay.
     *
     * @throws BenchFailedException when anything could not be written
     * @throws IOException when a server's CPU time cannot be read
     */
    public Preparation fill() throws BenchFailedException, IOException, InterruptedException {
        ProcessCpu.micros(plan.serverPids());
        prepare("create the bucket", StepSource.eachOnce(Operation.CREATE_BUCKET, 1));
        Sample begin = sample();
        write();
        return new Preparation(plan.objects(), begin, sample());
    }

    /**
     * Deletes objects of a bucket that {@link #fill} has made, which stays.
     *
     * @param part only those whose key is in this first part of the order of keys; 1 for all
     * @throws BenchFailedException when anything could not be deleted
     * @throws IOException when a server's CPU time cannot be read
     */
    public Preparation clear(double part) throws BenchFailedException, IOException, InterruptedException {
        Sample begin = sample();
        IntPredicate chosen = key -> RequestWriter.part(key) < part;
        prepare("delete objects", StepSource.deleteMany(plan.objects(), chosen));
        long deleted = IntStream.range(0, plan.objects()).filter(chosen).count();
        return new Preparation(deleted, begin, sample());
    }

    private void write() throws BenchFailedException, InterruptedException {
        prepare("write " + plan.objects() + " objects", StepSource.eachOnce(Operation.PUT, plan.objects()));
    }

    private void prepare(String what, StepSource source) throws BenchFailedException, InterruptedException {
        progress.accept(what);
        Map<String, Long> failures = runToTheEnd(source);
        if (!failures.isEmpty()) {
            List<String> reasons = new ArrayList<>();
            failures.forEach((reason, count) -> reasons.add(reason + (count > 1 ? " (" + count + " times)" : "")));
            throw new BenchFailedException("could not " + what + ": " + String.join("; ", reasons));
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
        prepare("delete the objects", StepSource.deleteMany(keys, key -> true));
        prepare("delete the bucket", StepSource.eachOnce(Operation.DELETE_BUCKET, 1));
    }

    private BenchResult measure() throws BenchFailedException, IOException, InterruptedException {
        progress.accept("warm up for " + seconds(plan.warmUp()) + " s, then measure " + plan.rounds() + " x "
                + seconds(plan.round()) + " s");
        Phase phase = Phase.timed(StepSource.mixed(plan), plan.warmUp(), plan.rounds(), plan);
        connections.forEach(connection -> connection.run(phase));
        List<Sample> samples = new ArrayList<>();
        boolean ended = false;
        for (int i = 0; i <= plan.rounds() && !ended; i++) {
            ended = phase.awaitEnd(phase.roundBeginNanos(i) - System.nanoTime());
            samples.add(sample());
        }
        awaitAnswers(phase);
        List<BenchResult.Round> rounds = new ArrayList<>();
        for (int i = 0; i + 1 < samples.size(); i++) {
            rounds.add(round(phase.total(i), samples.get(i), samples.get(i + 1)));
        }
        if (rounds.isEmpty()) {
            throw new BenchFailedException("no connection was left before the first round began: " + errors);
        }
        return result(rounds);
    }

    /** Deletes only what is there: before each round the objects are written, and it ends when they are gone. */
    private BenchResult measureDeletes() throws BenchFailedException, IOException, InterruptedException {
        progress.accept("warm up for " + seconds(plan.warmUp()) + " s, writing and deleting, then measure "
                + plan.rounds() + " x " + plan.objects() + " deletes or " + seconds(plan.round()) + " s");
        long warmUntil = System.nanoTime() + plan.warmUp().toNanos();
        while (System.nanoTime() - warmUntil < 0) {
            deletes();
        }
        List<BenchResult.Round> rounds = new ArrayList<>();
        for (int i = 0; i < plan.rounds(); i++) {
            rounds.add(deletes());
        }
        return result(rounds);
    }

    private BenchResult.Round deletes() throws BenchFailedException, IOException, InterruptedException {
        write();
        StepSource source = StepSource.eachOnce(Operation.DELETE, plan.objects());
        Phase phase = Phase.timed(source, Duration.ZERO, 1, plan);
        Sample begin = sample();
        connections.forEach(connection -> connection.run(phase));
        phase.awaitEnd(plan.round().toNanos());
        Sample end = sample();
        awaitAnswers(phase);
        return round(phase.total(0), begin, end);
    }

    private void awaitAnswers(Phase phase) throws BenchFailedException, InterruptedException {
        if (!phase.awaitEnd(TimeUnit.SECONDS.toNanos(ANSWER_SECONDS))) {
            throw new BenchFailedException("a request had no answer within " + ANSWER_SECONDS + " s");
        }
        phase.allErrors().forEach((code, count) -> errors.merge(code, count, Long::sum));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private BenchResult result(List<BenchResult.Round> rounds) {
        return new BenchResult(
                target.endpoint().toString(),
                new TreeMap<>(plan.mix()).toString(),
                plan.sizeBytes(),
                plan.connections(),
                plan.payload(),
                seconds(plan.warmUp()),
                rounds,
                BenchResult.medianOf(rounds),
                errors);
    }

    private record Sample(long nanos, long serverMicros, long clientMicros) {}

    /**
     * What was written or deleted to prepare a run.
     *
     * @param objects how many
     * @param seconds how long it took
     * @param serverCpuMicrosPerObject of the processes given, 0 when none was
     */
    public record Preparation(long objects, double seconds, double serverCpuMicrosPerObject) {
        private Preparation(long objects, Sample begin, Sample end) {
            this(
                    objects,
                    (end.nanos() - begin.nanos()) / 1e9,
                    (end.serverMicros() - begin.serverMicros()) / (double) Math.max(1, objects));
        }
    }

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
