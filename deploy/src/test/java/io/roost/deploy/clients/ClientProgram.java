package io.roost.deploy.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** A client that is a program of its own, called by absolute path with a home and an environment of its own. */
final class ClientProgram {
    private static final long LIMIT_SECONDS = 300;

    private final List<String> prefix;
    private final Path home;
    private final Map<String, String> environment = new LinkedHashMap<>();

    private ClientProgram(List<String> prefix, Path home) {
        this.prefix = prefix;
        this.home = home;
        environment.put("HOME", home.toString());
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("TZ", "UTC");
    }

    /**
     * A program that may not be installed: then the test is skipped with its name, and fails with
     * {@code -Droost.clients=required}.
     *
     * @param home a folder for its configuration and its caches
     * @param path where it is, and arguments that every call begins with
     */
    static ClientProgram at(Path home, String path, String... first) {
        if (!Files.isExecutable(Path.of(path))) {
            absent("client " + path + " is not installed");
        }
        List<String> prefix = new ArrayList<>(List.of(path));
        prefix.addAll(List.of(first));
        return new ClientProgram(prefix, home);
    }

    /** Skips the test, or fails it where every client is required. */
    static void absent(String message) {
        if (System.getProperty("roost.clients", "").equals("required")) {
            Assertions.fail(message + " (-Droost.clients=required)");
        }
        Assumptions.abort(message);
    }

    /** Adds a variable to the environment of every call. */
    ClientProgram with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /**
     * What a call came to.
     *
     * @param exitCode 0 for success
     * @param out standard output
     * @param err standard error
     */
    record Result(int exitCode, String out, String err) {}

    /** A call that must succeed; its standard output. */
    String run(String... arguments) {
        Result result = call(arguments);
        if (result.exitCode() != 0) {
            throw new AssertionError(prefix + " " + List.of(arguments) + " ended with " + result.exitCode() + "\n"
                    + result.out() + "\n" + result.err());
        }
        return result.out();
    }

    /** A call that must fail; its standard error. */
    String fail(String... arguments) {
        Result result = call(arguments);
        if (result.exitCode() == 0) {
            throw new AssertionError(prefix + " " + List.of(arguments) + " succeeded\n" + result.out());
        }
        return result.err();
    }

    /** A call. */
    Result call(String... arguments) {
        try {
            Path out = Files.createTempFile(home, "out", ".txt");
            Path err = Files.createTempFile(home, "err", ".txt");
            Process process = start(out, err, arguments);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
                throw new AssertionError(prefix + " " + List.of(arguments) + " did not end within " + LIMIT_SECONDS
                        + " s\n" + text(out) + "\n" + text(err));
            }
            Result result = new Result(process.exitValue(), text(out), text(err));
            Files.delete(out);
            Files.delete(err);
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /** A process that goes on; the caller ends it. */
    Process start(Path out, Path err, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }
}
