package io.roost.deploy.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Measures a mail server: each connection is a thread that does one thing after the other. */
public final class MailLoad {
    private final MailPlan plan;
    private final Consumer<String> told;
    private final List<LatencyHistogram> latencies = new ArrayList<>();
    private final long[] bodyBytes;
    private final Map<String, Long> errors = new TreeMap<>();
    private volatile long countFromNanos;

    /**
     * A run.
     *
     * @param told what is being done
     */
    public MailLoad(MailPlan plan, Consumer<String> told) {
        this.plan = plan;
        this.told = told;
        this.bodyBytes = new long[plan.rounds()];
        for (int i = 0; i < plan.rounds(); i++) {
            latencies.add(new LatencyHistogram());
        }
    }

    /**
     * What a run has measured.
     *
     * @param operation what was done
     * @param connections at a time
     * @param rounds each measured round, in order
     * @param median the round in the middle
     * @param errors what went wrong and how often
     */
    public record Result(
            String operation,
            int connections,
            List<BenchResult.Round> rounds,
            BenchResult.Round median,
            Map<String, Long> errors) {
        /** Copies. */
        public Result {
            rounds = List.copyOf(rounds);
            errors = Map.copyOf(errors);
        }

        /** True when nothing failed and something was done in each round. */
        public boolean isClean() {
            return errors.isEmpty() && rounds.stream().allMatch(round -> round.requests() > 0);
        }
    }

    /** What a connection does. */
    private interface Work {
        /** Once; the bytes of bodies. */
        long once() throws IOException;
    }

    private MailPlan.Account account(int connection) {
        return plan.accounts().get(connection % plan.accounts().size());
    }

    /**
     * Fills mailboxes, warms up, measures.
     *
     * @throws IOException when a server does not answer, or a process is not there
     */
    public Result run() throws IOException, InterruptedException {
        if (plan.operation() != MailOperation.DELIVER && plan.operation() != MailOperation.APPEND) {
            fill();
        }
        told.accept("warming up");
        countFromNanos = System.nanoTime() + plan.warmUp().toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < plan.connections(); i++) {
            int connection = i;
            Thread thread = new Thread(() -> work(connection), "connection " + i);
            threads.add(thread);
            thread.start();
        }
        List<Long> own = List.of(ProcessHandle.current().pid());
        long[] server = new long[plan.rounds() + 1];
        long[] client = new long[plan.rounds() + 1];
        for (int round = 0; round <= plan.rounds(); round++) {
            long begin = countFromNanos + round * plan.round().toNanos();
            TimeUnit.NANOSECONDS.sleep(Math.max(0, begin - System.nanoTime()));
            told.accept(round < plan.rounds() ? "round " + (round + 1) : "done");
            server[round] = ProcessCpu.micros(plan.pids());
            client[round] = ProcessCpu.micros(own);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        List<BenchResult.Round> rounds = new ArrayList<>();
        for (int round = 0; round < plan.rounds(); round++) {
            rounds.add(result(round, server[round + 1] - server[round], client[round + 1] - client[round]));
        }
        return new Result(plan.operation().name(), plan.connections(), rounds, BenchResult.medianOf(rounds), errors);
    }

    private BenchResult.Round result(int round, long serverMicros, long clientMicros) {
        double seconds = plan.round().toNanos() / 1e9;
        LatencyHistogram latency = latencies.get(round);
        double count = Math.max(1, latency.total());
        return new BenchResult.Round(
                seconds,
                latency.total(),
                latency.total() / seconds,
                bodyBytes[round] / seconds / 1e6,
                new BenchResult.Latency(latency.quantileMicros(0.5), latency.quantileMicros(0.99), latency.maxMicros()),
                0,
                plan.pids().isEmpty() ? null : serverMicros / count,
                clientMicros / count);
    }

    private void fill() throws IOException {
        for (MailPlan.Account account : plan.accounts()) {
            try (MailClient client = new MailClient(plan.host(), plan.imapPort())) {
                client.login(account);
                client.command("SELECT INBOX");
                MailMessages messages = new MailMessages(account.name().hashCode());
                for (int count = client.exists(); count < plan.messages(); count++) {
                    client.append(messages.next());
                }
            }
        }
    }

    private void work(int connection) {
        try (MailClient client = new MailClient(
                plan.host(), plan.operation() == MailOperation.DELIVER ? plan.lmtpPort() : plan.imapPort())) {
            Work work = begin(client, connection);
            long end = countFromNanos + plan.rounds() * plan.round().toNanos();
            for (long begun = System.nanoTime(); begun < end; begun = System.nanoTime()) {
                long bytes = work.once();
                done(begun, System.nanoTime(), bytes);
            }
        } catch (IOException failure) {
            synchronized (errors) {
                errors.merge(failure.getMessage(), 1L, Long::sum);
            }
        }
    }

    private void done(long begunNanos, long endNanos, long bytes) {
        long round = (endNanos - countFromNanos) / plan.round().toNanos();
        if (endNanos >= countFromNanos && round < plan.rounds()) {
            synchronized (latencies) {
                latencies.get((int) round).add((endNanos - begunNanos) / 1000);
                bodyBytes[(int) round] += bytes;
            }
        }
    }

    private Work begin(MailClient client, int connection) throws IOException {
        MailMessages messages = new MailMessages(connection);
        Random random = new Random(connection);
        if (plan.operation() == MailOperation.DELIVER) {
            client.helloLmtp();
            int[] next = {connection};
            return () -> {
                List<String> recipients = new ArrayList<>();
                for (int i = 0; i < plan.recipients(); i++) {
                    recipients.add(account(next[0] + i).name());
                }
                next[0]++;
                byte[] message = messages.next();
                client.deliver(recipients, message);
                return message.length;
            };
        }
        client.login(account(connection));
        if (plan.operation() != MailOperation.APPEND) {
            client.command("SELECT INBOX");
        }
        return () -> once(client, choice(random), messages, random);
    }

    private MailOperation choice(Random random) {
        if (plan.operation() != MailOperation.MIXED) {
            return plan.operation();
        }
        int share = random.nextInt(10);
        if (share < 6) {
            return MailOperation.FETCH;
        }
        return share < 8 ? MailOperation.STORE : share == 8 ? MailOperation.SELECT : MailOperation.APPEND;
    }

    private static long once(MailClient client, MailOperation operation, MailMessages messages, Random random)
            throws IOException {
        int number = 1 + random.nextInt(Math.max(1, client.exists()));
        return switch (operation) {
            case APPEND -> {
                byte[] message = messages.next();
                client.append(message);
                yield message.length;
            }
            case FETCH -> client.command("FETCH " + number + " (UID FLAGS BODY.PEEK[])");
            case STORE ->
                client.command("STORE " + number + (random.nextBoolean() ? " +" : " -") + "FLAGS.SILENT (\\Flagged)");
            case SELECT -> client.command("SELECT INBOX");
            case DELIVER, MIXED -> throw new IllegalStateException(operation + " is no command");
        };
    }
}
