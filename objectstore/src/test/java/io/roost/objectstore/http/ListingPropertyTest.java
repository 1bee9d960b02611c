package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Random keys are put, deleted and listed in random order; every listing, of either version, page by page, must be what a
 * sorted map of the same keys gives. With a delimiter, a prefix, a marker, whatever the shards and the placement.
 */
class ListingPropertyTest {
    private static final String[] PIECES = {
        "a",
        "b",
        "ab",
        "/",
        "//",
        "x/",
        "é",
        "\uD83D\uDE00",
        "\uFFFD",
        "\u0001",
        " ",
        "+",
        "%",
        "~",
        ".",
        "..",
        "&",
        "<"
    };

    @TempDir
    static Path folder;

    private static TestGateway gateway;
    private static S3Client s3;

    @BeforeAll
    static void start() throws Exception {
        gateway = TestGateway.start(folder);
        s3 = gateway.client();
    }

    @AfterAll
    static void stop() throws Exception {
        s3.close();
        gateway.close();
    }

    /** Keys are compared by their bytes, which is not the order of Java's chars. */
    private final TreeMap<Bytes, Integer> model = new TreeMap<>();

    private Random random;
    private String bucket;

    @ParameterizedTest
    @CsvSource({"1, hash", "8, hash", "256, hash", "8, prefix", "256, prefix:2"})
    void listingsAreThoseOfASortedMap(int shards, String placement) {
        long seed = System.nanoTime();
        random = new Random(seed);
        bucket = "keys-" + shards + "-" + placement.replace(':', '-');
        s3.createBucket(b -> b.bucket(bucket)
                .overrideConfiguration(o -> o.putHeader("x-roost-shards", Integer.toString(shards))
                        .putHeader("x-roost-placement", placement)));
        for (int round = 0; round < 120; round++) {
            change();
            if (round % 3 == 0) {
                compare("seed " + seed + ", round " + round);
            }
        }
    }

    private String text(int maxPieces) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(maxPieces + 1); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    private void change() {
        if (random.nextInt(4) > 0 || model.isEmpty()) {
            String key = PIECES[random.nextInt(PIECES.length)] + text(5);
            // The client itself cannot send these two as paths.
            if (!key.equals(".") && !key.equals("..")) {
                int size = random.nextInt(20);
                s3.putObject(b -> b.bucket(bucket).key(key), RequestBody.fromBytes(new byte[size]));
                model.put(Bytes.utf8(key), size);
            }
        } else {
            List<Bytes> keys = new ArrayList<>(model.keySet());
            Bytes key = keys.get(random.nextInt(keys.size()));
            s3.deleteObject(b -> b.bucket(bucket).key(key.utf8()));
            model.remove(key);
        }
    }

    private void compare(String where) {
        Bytes prefix = Bytes.utf8(random.nextBoolean() ? "" : text(2));
        Bytes delimiter = Bytes.utf8(
                random.nextBoolean() ? "" : List.of("/", "a", "é", "//").get(random.nextInt(4)));
        Bytes after = Bytes.utf8(random.nextInt(3) > 0 ? "" : text(3));
        int pageSize = List.of(1, 2, 3, 7, 1000).get(random.nextInt(5));
        String asked = where + ": prefix " + prefix + " delimiter " + delimiter + " after " + after + " by " + pageSize;
        Collection<String> expected = expected(prefix, delimiter, after);
        List<String> found = random.nextBoolean()
                ? listV1(prefix, delimiter, after, pageSize)
                : listV2(prefix, delimiter, after, pageSize);
        assertThat(found).as(asked).containsExactlyElementsOf(expected);
    }

    /** Keys with their sizes, common prefixes with a star, in byte order. */
    private Collection<String> expected(Bytes prefix, Bytes delimiter, Bytes after) {
        TreeMap<Bytes, String> items = new TreeMap<>();
        for (Map.Entry<Bytes, Integer> entry : model.entrySet()) {
            Bytes key = entry.getKey();
            if (!key.startsWith(prefix) || key.compareTo(after) <= 0) {
                continue;
            }
            Bytes common = common(key, prefix, delimiter);
            if (common == null) {
                items.put(key, key + " " + entry.getValue());
            } else if (!after.startsWith(common)) {
                // A marker inside a common prefix has passed it.
                items.put(common, common + " *");
            }
        }
        return items.values();
    }

    private static Bytes common(Bytes key, Bytes prefix, Bytes delimiter) {
        if (delimiter.isEmpty()) {
            return null;
        }
        for (int i = prefix.length(); i + delimiter.length() <= key.length(); i++) {
            if (key.slice(i, i + delimiter.length()).equals(delimiter)) {
                return key.slice(0, i + delimiter.length());
            }
        }
        return null;
    }

    private List<String> listV1(Bytes prefix, Bytes delimiter, Bytes after, int pageSize) {
        List<String> found = new ArrayList<>();
        String marker = after.utf8();
        while (true) {
            String from = marker;
            ListObjectsResponse page = s3.listObjects(b -> b.bucket(bucket)
                    .prefix(prefix.utf8())
                    .delimiter(delimiter.isEmpty() ? null : delimiter.utf8())
                    .marker(from)
                    .maxKeys(pageSize)
                    .encodingType("url"));
            add(found, page.contents(), page.commonPrefixes(), pageSize);
            if (!page.isTruncated()) {
                return found;
            }
            marker = page.nextMarker() != null
                    ? page.nextMarker()
                    : page.contents().get(page.contents().size() - 1).key();
        }
    }

    private List<String> listV2(Bytes prefix, Bytes delimiter, Bytes after, int pageSize) {
        List<String> found = new ArrayList<>();
        String token = null;
        while (true) {
            String from = token;
            ListObjectsV2Response page = s3.listObjectsV2(b -> b.bucket(bucket)
                    .prefix(prefix.utf8())
                    .delimiter(delimiter.isEmpty() ? null : delimiter.utf8())
                    .startAfter(after.utf8())
                    .continuationToken(from)
                    .maxKeys(pageSize)
                    .encodingType("url"));
            assertThat(page.keyCount())
                    .isEqualTo(page.contents().size() + page.commonPrefixes().size());
            add(found, page.contents(), page.commonPrefixes(), pageSize);
            if (!page.isTruncated()) {
                return found;
            }
            token = page.nextContinuationToken();
        }
    }

    private static void add(List<String> found, List<S3Object> objects, List<CommonPrefix> prefixes, int pageSize) {
        TreeMap<Bytes, String> page = new TreeMap<>();
        for (S3Object object : objects) {
            Bytes key = Bytes.utf8(object.key());
            page.put(key, key + " " + object.size());
        }
        for (CommonPrefix prefix : prefixes) {
            Bytes name = Bytes.utf8(prefix.prefix());
            page.put(name, name + " *");
        }
        assertThat(page.size()).isLessThanOrEqualTo(pageSize);
        found.addAll(page.values());
    }
}
