package io.roost.deploy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real {@code deploy/bin/roost dev} on free ports, as a process of its own, ended when it is closed. */
public final class RoostProcess implements AutoCloseable {
    /** The keys of every server that tests start. */
    public static final String ACCESS_KEY = "ROOSTTESTACCESSKEY00";

    /** The secret that belongs to {@link #ACCESS_KEY}. */
    public static final String SECRET_KEY = "roost/test+secret/key/0123456789abcdefgh";

    private static final Pattern ENDPOINT = Pattern.compile("https?://(?:127\\.0\\.0\\.1|localhost):\\d+");
    private static final Pattern DATA = Pattern.compile("(?m)^data +(.*)$");
    private static final long START_SECONDS = 120;
    private static final long STOP_SECONDS = 30;

    private final Process process;
    private final List<String> output = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private URI endpoint;

    private RoostProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "output of roost " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** The folder of the sources: the one with deploy/bin/roost. */
    public static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("deploy/bin/roost"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    /** A server with data that goes with it. */
    public static RoostProcess temporary(String... options) {
        List<String> all = new ArrayList<>(List.of("--temp"));
        all.addAll(List.of(options));
        return start(root().resolve("deploy/bin/roost"), Map.of(), all);
    }

    /** A server whose data stays in a folder. */
    public static RoostProcess on(Path data, String... options) {
        List<String> all = new ArrayList<>(List.of("--data", data.toString()));
        all.addAll(List.of(options));
        return start(root().resolve("deploy/bin/roost"), Map.of(), all);
    }

    /** A node of a cluster, that is not waited for. */
    public static RoostProcess node(Path data, Map<String, String> environment, String... options) {
        List<String> all = new ArrayList<>(List.of("--data", data.toString()));
        all.addAll(List.of(options));
        return begin(root().resolve("deploy/bin/roost"), "node", environment, all);
    }

    /** A server started by a launcher, with the test's keys and on free ports. */
    public static RoostProcess start(Path launcher, Map<String, String> environment, List<String> options) {
        RoostProcess started = begin(launcher, "dev", environment, options);
        started.awaitReady();
        return started;
    }

    private static RoostProcess begin(
            Path launcher, String server, Map<String, String> environment, List<String> options) {
        List<String> command = new ArrayList<>(List.of(launcher.toString(), server));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("ROOST_BUILD", "never");
        builder.environment().put("ROOST_S3_PORT", "0");
        builder.environment().put("ROOST_ADMIN_PORT", "0");
        builder.environment().put("ROOST_MAIL_IMAP_PORT", "0");
        builder.environment().put("ROOST_MAIL_IMAPS_PORT", "0");
        builder.environment().put("ROOST_MAIL_LMTP_PORT", "0");
        builder.environment().put("ROOST_ACCESS_KEY", ACCESS_KEY);
        builder.environment().put("ROOST_SECRET_KEY", SECRET_KEY);
        builder.environment().putAll(environment);
        try {
            return new RoostProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command of {@code roost} that ends by itself, with whatever code; returns what it has printed. */
    public static String printed(String... arguments) throws IOException, InterruptedException {
        Process process = run(arguments);
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return printed;
    }

    private static Process run(String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(root().resolve("deploy/bin/roost").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("ROOST_BUILD", "never");
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    /**
     * Runs a command of {@code roost} that ends by itself.
     *
     * @return what it has printed, when its exit code is the expected one
     */
    public static String command(int exitCode, String... arguments) throws IOException, InterruptedException {
        Process process = run(arguments);
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != exitCode) {
            throw new AssertionError(List.of(arguments) + " ended with " + process.exitValue() + "\n" + printed);
        }
        return printed;
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                Matcher found = ENDPOINT.matcher(line);
                if (endpoint == null && found.find()) {
                    endpoint = URI.create(found.group());
                }
                if (line.contains("ready in ")) {
                    ready.complete(null);
                }
            }
            ready.completeExceptionally(new IOException("ended before it was ready"));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    /** Waits until it is ready. */
    public void awaitReady() {
        try {
            ready.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            kill();
            throw new AssertionError("roost dev did not get ready:\n" + output(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        if (endpoint == null) {
            kill();
            throw new AssertionError("roost dev is ready but has not said where:\n" + output());
        }
    }

    /** Where its S3 interface is. */
    public URI endpoint() {
        return endpoint;
    }

    /** The folder with its data, a temporary one or not. */
    public Path data() {
        Matcher found = DATA.matcher(output());
        if (!found.find()) {
            throw new AssertionError("roost dev has not said where its data are:\n" + output());
        }
        return Path.of(found.group(1));
    }

    /** What it has printed so far. */
    public String output() {
        synchronized (output) {
            return String.join("\n", output);
        }
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** True until it has ended. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL; returns when it has ended. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM; returns the exit code when it has ended. */
    public int stop() {
        process.destroy();
        awaitEnd();
        return process.exitValue();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError("roost dev had to be killed:\n" + output());
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            stop();
        }
    }
}
