package io.roost.deploy.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.deploy.MetricsPage;
import io.roost.deploy.RawConnection;
import io.roost.deploy.SignedHttp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The S3 traffic of Dovecot's obox, as its 2.3 manual describes it, for many users at once: one PUT per delivery, every
 * tenth followed by a bundle of indexes that replaces the one before; lists of version 1 by prefix and marker; copies
 * that replace metadata; deletes of many.
 */
@ExtendWith(SharedServer.class)
class DovecotOboxIT {
    private static final int USERS = 40;
    private static final int MESSAGES = 25;
    private static final int THREADS = 8;
    private static final String PAGES = "roost_s3_listing_pages_total";
    private static final String SHARDS = "roost_s3_listing_shards_total";
    private static final Pattern KEY = Pattern.compile("<Key>([^<]*)</Key>");

    /** One user's mail store: what has been acknowledged, and the connection of the process that serves the user. */
    private static final class User implements AutoCloseable {
        private final String bucket;
        private final String name;
        private final String root;
        private final SignedHttp http;
        private final Random random;
        private final TreeMap<String, byte[]> stored = new TreeMap<>();
        private String bundle;

        User(S3Server server, SignedHttp.Signature signature, String bucket, int number) throws IOException {
            this.bucket = bucket;
            this.name = "user" + number + "@example.org";
            this.root = md5(name).substring(0, 8) + "/" + name + "/";
            this.http = new SignedHttp(server.endpoint(), server.accessKey(), server.secretKey(), signature);
            this.random = new Random(number);
        }

        private static String md5(String text) {
            return HexFormat.of().formatHex(md5(text.getBytes(StandardCharsets.UTF_8)));
        }

        private static byte[] md5(byte[] bytes) {
            try {
                return MessageDigest.getInstance("MD5").digest(bytes);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        private String id() {
            return String.format("%016x%016x", random.nextLong(), random.nextLong());
        }

        private Map<String, String> headers() {
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("X-Dovecot-Username", name);
            headers.put("X-Dovecot-Session-Id", "session-" + name);
            headers.put("X-Dovecot-Reason", "delivery");
            return headers;
        }

        private RawConnection.Response send(
                String method, String key, Map<String, String> query, Map<String, String> extra, byte[] body)
                throws IOException {
            Map<String, String> headers = headers();
            headers.putAll(extra);
            String path = "/" + bucket + (key.isEmpty() ? "" : "/" + SignedHttp.encodePath(key));
            return http.request(method, path, query, headers, body);
        }

        private void put(String key, byte[] body) throws IOException {
            Map<String, String> metadata =
                    Map.of("x-amz-meta-dovecot-guid", md5(key), "x-amz-meta-dovecot-size", "" + body.length);
            RawConnection.Response put = send("PUT", key, Map.of(), metadata, body);
            assertThat(put.status()).as(put.text()).isEqualTo(200);
            stored.put(key, body);
        }

        private void deliver(int number) throws IOException {
            byte[] mail = new byte[500 + random.nextInt(20_000)];
            random.nextBytes(mail);
            put(root + "mailboxes/" + md5("INBOX" + name) + "/" + id(), mail);
            if (number % 10 == 9) {
                String next = root + "idx/bundle." + (1_700_000_000 + number) + ".000" + number + "." + id();
                put(next, Trees.bytes(number, 3000));
                if (bundle != null) {
                    delete(bundle);
                }
                bundle = next;
            }
            // Read back at once: a list after a write has it.
            assertThat(list(root)).containsExactlyElementsOf(stored.keySet());
        }

        private void delete(String key) throws IOException {
            assertThat(send("DELETE", key, Map.of(), Map.of(), new byte[0]).status())
                    .isEqualTo(204);
            stored.remove(key);
        }

        /** Pages of seven, by prefix and marker. */
        private List<String> list(String prefix) throws IOException {
            List<String> keys = new ArrayList<>();
            while (true) {
                Map<String, String> query = new LinkedHashMap<>(Map.of("prefix", prefix, "max-keys", "7"));
                if (!keys.isEmpty()) {
                    query.put("marker", keys.get(keys.size() - 1));
                }
                RawConnection.Response page = send("GET", "", query, Map.of(), new byte[0]);
                assertThat(page.status()).as(page.text()).isEqualTo(200);
                Matcher found = KEY.matcher(page.text());
                while (found.find()) {
                    keys.add(found.group(1));
                }
                if (!page.text().contains("<IsTruncated>true</IsTruncated>")) {
                    return keys;
                }
            }
        }

        private void read() throws IOException {
            for (Map.Entry<String, byte[]> object : stored.entrySet()) {
                RawConnection.Response got = send("GET", object.getKey(), Map.of(), Map.of(), new byte[0]);
                assertThat(got.body()).isEqualTo(object.getValue());
                RawConnection.Response head = send("HEAD", object.getKey(), Map.of(), Map.of(), new byte[0]);
                assertThat(head.headers())
                        .containsEntry("content-length", "" + object.getValue().length)
                        .containsEntry("x-amz-meta-dovecot-guid", md5(object.getKey()))
                        .containsEntry("x-amz-meta-dovecot-size", "" + object.getValue().length);
            }
            RawConnection.Response missing = send("GET", root + "mailboxes/none", Map.of(), Map.of(), new byte[0]);
            assertThat(missing.status()).isEqualTo(404);
            assertThat(missing.errorCode()).isEqualTo("NoSuchKey");
            assertThat(send("HEAD", root + "none", Map.of(), Map.of(), new byte[0])
                            .status())
                    .isEqualTo(404);
        }

        /** A move to another mailbox: a copy with new metadata, then the delete of the old. */
        private void move() throws IOException {
            String from = list(root + "mailboxes/").get(0);
            String to = root + "mailboxes/" + md5("Archive" + name) + "/" + id();
            Map<String, String> copy = Map.of(
                    "x-amz-copy-source", "/" + bucket + "/" + SignedHttp.encodePath(from),
                    "x-amz-metadata-directive", "REPLACE",
                    "x-amz-meta-dovecot-guid", "moved");
            RawConnection.Response copied = send("PUT", to, Map.of(), copy, new byte[0]);
            assertThat(copied.status()).as(copied.text()).isEqualTo(200);
            stored.put(to, stored.get(from));
            delete(from);
            assertThat(send("HEAD", to, Map.of(), Map.of(), new byte[0]).headers())
                    .containsEntry("x-amz-meta-dovecot-guid", "moved")
                    .doesNotContainKey("x-amz-meta-dovecot-size");
        }

        @Override
        public void close() throws IOException {
            http.close();
        }

        private void expungeAll() throws IOException {
            StringBuilder xml = new StringBuilder("<Delete><Quiet>true</Quiet>");
            stored.keySet()
                    .forEach(key -> xml.append("<Object><Key>").append(key).append("</Key></Object>"));
            xml.append("<Object><Key>").append(root).append("never</Key></Object></Delete>");
            byte[] document = xml.toString().getBytes(StandardCharsets.UTF_8);
            Map<String, String> md5 = Map.of("content-md5", Base64.getEncoder().encodeToString(md5(document)));
            RawConnection.Response deleted = send("POST", "", Map.of("delete", ""), md5, document);
            assertThat(deleted.status()).as(deleted.text()).isEqualTo(200);
            assertThat(deleted.text()).doesNotContain("<Error>");
            assertThat(list(root)).isEmpty();
            stored.clear();
        }
    }

    private static void createBucket(S3Server server, String bucket) throws IOException {
        try (SignedHttp http =
                new SignedHttp(server.endpoint(), server.accessKey(), server.secretKey(), SignedHttp.Signature.V4)) {
            RawConnection.Response created =
                    http.request("PUT", "/" + bucket, Map.of(), Map.of("x-roost-placement", "prefix:2"), new byte[0]);
            assertThat(created.status()).as(created.text()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(SignedHttp.Signature.class)
    void manyUsersAreServedAtOnce(SignedHttp.Signature signature, S3Server server) throws Exception {
        String bucket = "obox-" + signature.name().toLowerCase(Locale.ROOT);
        createBucket(server, bucket);
        if (server.data().isEmpty()) {
            serveUsers(signature, server, bucket);
        } else {
            MetricsPage before = MetricsPage.of(server.data().get());
            serveUsers(signature, server, bucket);
            MetricsPage after = MetricsPage.of(server.data().get());
            double pages = after.value(PAGES) - before.value(PAGES);
            assertThat(pages).isGreaterThanOrEqualTo(USERS * MESSAGES);
            // A user's listing asks one shard.
            assertThat(after.value(SHARDS) - before.value(SHARDS)).isEqualTo(pages);
        }
        try (SignedHttp http =
                new SignedHttp(server.endpoint(), server.accessKey(), server.secretKey(), SignedHttp.Signature.V4)) {
            assertThat(http.request("DELETE", "/" + bucket, Map.of(), Map.of(), new byte[0])
                            .status())
                    .isEqualTo(204);
        }
    }

    private static void serveUsers(SignedHttp.Signature signature, S3Server server, String bucket) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> users = new ArrayList<>();
            for (int number = 0; number < USERS; number++) {
                int user = number;
                users.add(threads.submit(() -> {
                    try (User served = new User(server, signature, bucket, user)) {
                        live(served);
                    }
                    return null;
                }));
            }
            for (Future<?> user : users) {
                user.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private static void live(User user) throws IOException {
        for (int i = 0; i < MESSAGES; i++) {
            user.deliver(i);
        }
        user.read();
        user.move();
        assertThat(user.list(user.root)).containsExactlyElementsOf(user.stored.keySet());
        user.expungeAll();
    }

    @Test
    void aSignatureOfVersionTwoWithAWrongSecretIsRefused(S3Server server) throws IOException {
        try (SignedHttp http =
                new SignedHttp(server.endpoint(), server.accessKey(), "wrong", SignedHttp.Signature.V2)) {
            RawConnection.Response refused = http.request("GET", "/", Map.of(), Map.of(), new byte[0]);
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.errorCode()).isEqualTo("SignatureDoesNotMatch");
        }
    }
}
