package io.roost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node shows to Prometheus. */
class NodeMetricsTest {
    @TempDir
    private Path data;

    @Test
    void whatRequestsDidIsCounted() throws Exception {
        EmbeddedNode.Options options = new EmbeddedNode.Options(
                Optional.of(data), 0, new NodeConfig.Tls.Off(), Optional.of(new EmbeddedNode.Keys("AK", "secret")));
        try (EmbeddedNode node = EmbeddedNode.start(options);
                SignedHttp http = new SignedHttp(node.s3Endpoint(), "AK", "secret", SignedHttp.Signature.V4)) {
            send(http, "PUT", "/by-hash", Map.of(), new byte[0]);
            MetricsPage before = MetricsPage.of(data);
            send(http, "PUT", "/by-hash/user/k", Map.of(), new byte[100_000]);
            send(http, "GET", "/by-hash/user/k", Map.of(), new byte[0]);
            send(http, "GET", "/by-hash", Map.of("prefix", "user/"), new byte[0]);
            MetricsPage after = MetricsPage.of(data);
            assertThat(grown("roost_store_transactions_total", before, after)).isEqualTo(1);
            assertThat(grown("roost_store_groups_total", before, after)).isEqualTo(1);
            assertThat(grown("roost_store_file_syncs_total", before, after)).isEqualTo(1);
            assertThat(grown("roost_store_written_bytes_total", before, after)).isEqualTo(100_000);
            assertThat(grown("roost_store_read_bytes_total", before, after)).isEqualTo(100_000);
            assertThat(grown("roost_s3_listing_pages_total", before, after)).isEqualTo(1);
            assertThat(grown("roost_s3_listing_shards_total", before, after)).isEqualTo(8);
            assertThat(grown("roost_s3_listing_calls_total", before, after)).isEqualTo(8);
            assertThat(grown("roost_store_seeks_total", before, after)).isGreaterThanOrEqualTo(8);
            assertThat(after.value("roost_osd_transactions_inflight")).isZero();
            assertThat(after.value("roost_s3_body_reserved_bytes")).isZero();
            assertThat(after.value("roost_store_checksum_failures_total")).isZero();
            assertThat(after.value("roost_rocksdb_keys")).isPositive();
            assertThat(after.value("roost_rocksdb_memtable_bytes")).isPositive();
            assertThat(after.value("roost_rocksdb_cache_bytes")).isNotNegative();
            assertThat(after.value("roost_rocksdb_misses_total")).isNotNegative();
            assertThat(after.value("roost_loop_delay_seconds_count")).isNotNegative();
            assertThat(after.value("roost_loop_slow_total")).isNotNegative();
            assertThat(grown("roost_osd_operations_seconds_count", before, after))
                    .isGreaterThanOrEqualTo(3);
            assertThat(grown("roost_osd_commits_seconds_count", before, after)).isPositive();
            assertThat(after.value("roost_osd_used_bytes")).isPositive();
            assertThat(after.value("roost_osd_up")).isOne();
            assertThat(after.value("roost_monitor_leads")).isOne();
            assertThat(after.value("roost_monitor_readable")).isOne();
            assertThat(after.value("roost_monitor_commits_total")).isPositive();
            assertThat(after.value("roost_monitor_decisions_seconds_count")).isPositive();
            after.checkFormat();
            assertThat(after.families()).as("those in METRICS.md").isSubsetOf(documented());
        }
    }

    private static Set<String> documented() throws IOException {
        Set<String> names = new TreeSet<>();
        Matcher name = Pattern.compile("`(roost_[a-z0-9_]+)`").matcher(Files.readString(Path.of("METRICS.md")));
        while (name.find()) {
            names.add(name.group(1));
        }
        return names;
    }

    private static double grown(String name, MetricsPage before, MetricsPage after) {
        return after.value(name) - before.value(name);
    }

    private static void send(SignedHttp http, String method, String path, Map<String, String> query, byte[] body)
            throws IOException {
        RawConnection.Response answer = http.request(method, path, query, Map.of(), body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }
}
