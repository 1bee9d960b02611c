package io.roost.junit;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@link StandaloneTest} runs in a JVM of its own: uses a server without JUnit, without the AWS SDK and without a log
 * binding, breaks it, and returns from its main method.
 */
final class StandaloneProgram {
    private StandaloneProgram() {}

    /** Prints what it has seen. */
    public static void main(String[] arguments) throws IOException {
        long began = System.nanoTime();
        try (RoostServer server = RoostServer.builder().buckets("bucket").start()) {
            System.out.println("started in " + (System.nanoTime() - began) / 1_000_000 + " ms");
            System.out.println("unsigned " + status(server.endpoint(), ""));
            String admin = Files.readString(server.dataFolder().resolve("admin.json"));
            System.out.println("admin "
                    + status(URI.create(field(admin, "url")).resolve("/status"), "Bearer " + field(admin, "token")));
        } catch (RoostException failure) {
            System.out.println("refused " + failure.getMessage());
        }
        System.out.println("returns");
    }

    private static int status(URI address, String authorization) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        if (!authorization.isEmpty()) {
            connection.setRequestProperty("Authorization", authorization);
        }
        int status = connection.getResponseCode();
        connection.disconnect();
        return status;
    }

    private static String field(String json, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\": \"([^\"]*)\"").matcher(json);
        if (!matcher.find()) {
            throw new IllegalArgumentException("no " + name);
        }
        return matcher.group(1);
    }
}
