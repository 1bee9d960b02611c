package io.roost.objectstore.classes;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.ObjectMetadata;
import io.roost.objectstore.layout.VersionId;
import io.roost.objectstore.layout.Versioning;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listings of one shard, held against a sorted map. Odd seeds inject store misses. */
class ListClassTest {
    private final TreeMap<Bytes, List<VersionModel.Stored>> keys = new TreeMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void pagesOfAnUnversionedBucketAreThoseOfASortedMap(long seed) {
        ShardFixture shard = new ShardFixture(seed, seed % 2 == 1);
        shard.init();
        for (int i = 0; i < 150; i++) {
            put(shard, RandomKeys.key(shard.random()));
        }
        compare(shard, "seed " + seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void pagesOfAVersionedBucketAreThoseOfASortedMap(long seed) {
        ShardFixture shard = new ShardFixture(seed, seed % 2 == 1);
        Random random = shard.random();
        shard.init();
        List<Bytes> some = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            some.add(RandomKeys.key(random));
            put(shard, some.get(i));
        }
        for (int i = 0; i < 200; i++) {
            if (i == 20 || i == 120 || i == 160) {
                shard.setShard(i == 120 ? Versioning.SUSPENDED : Versioning.ENABLED, i);
                shard.init();
            }
            Bytes key = some.get(random.nextInt(some.size()));
            if (random.nextInt(3) == 0) {
                delete(shard, key);
            } else {
                put(shard, key);
            }
        }
        compare(shard, "seed " + seed);
    }

    @Test
    void aPageIsBoundedInStepsAndGoesOnFromItsCursor() {
        ShardFixture shard = new ShardFixture(3);
        shard.setShard(Versioning.ENABLED, 1);
        shard.init();
        int keyCount = KeyScan.MAX_STEPS * 2;
        for (int i = 0; i < keyCount; i++) {
            delete(shard, Bytes.utf8("k" + i));
        }
        put(shard, Bytes.utf8("z"));
        ListClass.Parameters parameters = ListClass.Parameters.latest(Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY, 10);
        int pages = 0;
        List<ListClass.Item> items = new ArrayList<>();
        while (true) {
            pages++;
            ListClass.Reply reply = list(shard, parameters);
            items.addAll(reply.items());
            if (reply.cursor().isEmpty()) {
                break;
            }
            parameters = parameters.next(reply.cursor(), 10);
        }
        assertThat(pages).isGreaterThan(1);
        assertThat(items).hasSize(1);
    }

    @Test
    void commonPrefixesAreSoughtPastHoweverManyKeysTheyHave() {
        ShardFixture shard = new ShardFixture(4);
        shard.init();
        for (int i = 0; i < 500; i++) {
            put(shard, Bytes.utf8("a/" + i));
            put(shard, Bytes.utf8("b/" + i));
        }
        ListClass.Reply reply =
                list(shard, ListClass.Parameters.latest(Bytes.EMPTY, Bytes.utf8("/"), Bytes.EMPTY, 1000));
        assertThat(reply.items()).extracting(ListClass.Item::name).containsExactly(Bytes.utf8("a/"), Bytes.utf8("b/"));
        assertThat(shard.locator().lastReads()).isLessThan(8);
    }

    @Test
    void manyOldVersionsAreSoughtPast() {
        ShardFixture shard = new ShardFixture(5);
        shard.setShard(Versioning.ENABLED, 1);
        shard.init();
        for (int i = 0; i < 500; i++) {
            put(shard, Bytes.utf8("a"));
            put(shard, Bytes.utf8("b"));
        }
        ListClass.Reply reply = list(shard, ListClass.Parameters.latest(Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY, 1000));
        assertThat(reply.items()).hasSize(2);
        assertThat(shard.locator().lastReads()).isLessThan(20);
    }

    @Test
    void listingNeedsTheBucket() {
        ShardFixture shard = new ShardFixture(6);
        CallReply reply = shard.call(ListClass.Parameters.latest(Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY, 1)
                .call());
        assertThat(reply.status()).isEqualTo(ClassStatus.NO_SUCH_BUCKET.code());
    }

    private void put(ShardFixture shard, Bytes key) {
        PutClass.Parameters parameters = new PutClass.Parameters(
                shard.shard(),
                key,
                shard.head(new byte[0], Manifest.inline(), 0),
                ObjectMetadata.EMPTY.encode(),
                Conditions.NONE,
                shard.garbageDue());
        VersionId id = PutClass.Reply.decode(
                        shard.call(parameters.call(Data.EMPTY)).output())
                .versionId();
        add(key, id, false);
    }

    private void delete(ShardFixture shard, Bytes key) {
        DeleteClass.Parameters parameters = new DeleteClass.Parameters(
                shard.shard(),
                List.of(new DeleteClass.Target(
                        key, VersionId.LATEST, shard.random().nextLong(), Conditions.NONE)),
                shard.now(),
                shard.id(),
                shard.garbageDue());
        CallReply reply = shard.call(parameters.call());
        DeleteClass.Outcome outcome =
                DeleteClass.Reply.decode(reply.output(), parameters).outcomes().get(0);
        if (outcome.isDeleteMarker()) {
            add(key, outcome.versionId(), true);
        } else {
            keys.remove(key);
        }
    }

    private void add(Bytes key, VersionId answered, boolean isMarker) {
        VersionId id = answered.kind() == VersionId.Kind.LATEST ? VersionId.NULL : answered;
        List<VersionModel.Stored> versions = keys.computeIfAbsent(key, unused -> new ArrayList<>());
        versions.removeIf(old -> old.id().equals(id));
        versions.add(0, new VersionModel.Stored(id, isMarker, "", 0));
    }

    private void compare(ShardFixture shard, String at) {
        Random random = shard.random();
        for (int i = 0; i < 250; i++) {
            Bytes prefix = RandomKeys.bytes(random, random.nextInt(3));
            Bytes delimiter = random.nextInt(3) == 0
                    ? Bytes.EMPTY
                    : random.nextInt(3) == 0 ? RandomKeys.bytes(random, 1 + random.nextInt(2)) : Bytes.utf8("/");
            Bytes after = random.nextBoolean() ? Bytes.EMPTY : RandomKeys.key(random);
            ListClass.Mode mode = random.nextBoolean() ? ListClass.Mode.LATEST : ListClass.Mode.VERSIONS;
            int pageSize = 1 + random.nextInt(random.nextBoolean() ? 4 : 1000);
            ListClass.Parameters first =
                    new ListClass.Parameters(mode, prefix, delimiter, after, VersionId.LATEST, Bytes.EMPTY, pageSize);
            List<String> expected = expected(first);
            String what = at + ", listing " + i + " " + first;
            assertThat(byCursor(shard, first)).as(what).isEqualTo(expected);
            assertThat(byMarker(shard, first)).as(what).isEqualTo(expected);
        }
    }

    /** All pages, each from the cursor of the last. */
    private static List<String> byCursor(ShardFixture shard, ListClass.Parameters first) {
        List<String> names = new ArrayList<>();
        ListClass.Parameters parameters = first;
        while (true) {
            ListClass.Reply reply = list(shard, parameters);
            assertThat(reply.items().size()).isLessThanOrEqualTo(first.maxItems());
            for (ListClass.Item item : reply.items()) {
                names.add(describe(item));
            }
            if (reply.cursor().isEmpty()) {
                return names;
            }
            parameters = parameters.next(reply.cursor(), first.maxItems());
        }
    }

    /** All pages, each from the last item of the one before, as a client's markers say. */
    private static List<String> byMarker(ShardFixture shard, ListClass.Parameters first) {
        List<String> names = new ArrayList<>();
        ListClass.Parameters parameters = first;
        while (true) {
            ListClass.Reply reply = list(shard, parameters);
            ListClass.Item last = null;
            for (ListClass.Item item : reply.items()) {
                names.add(describe(item));
                last = item;
            }
            if (reply.cursor().isEmpty()) {
                return names;
            }
            if (last == null) {
                parameters = parameters.next(reply.cursor(), first.maxItems());
                continue;
            }
            VersionId id = first.mode() == ListClass.Mode.VERSIONS && last instanceof ListClass.Found found
                    ? found.versionId()
                    : VersionId.LATEST;
            parameters = new ListClass.Parameters(
                    first.mode(), first.prefix(), first.delimiter(), last.name(), id, Bytes.EMPTY, first.maxItems());
        }
    }

    private static ListClass.Reply list(ShardFixture shard, ListClass.Parameters parameters) {
        CallReply reply = shard.call(parameters.call());
        assertThat(reply.status()).isZero();
        return ListClass.Reply.decode(reply.output());
    }

    private static String describe(ListClass.Item item) {
        if (item instanceof ListClass.Found found) {
            return describe(
                    found.name(),
                    found.versionId(),
                    found.isLatest(),
                    found.head().isDeleteMarker());
        }
        return "prefix " + item.name();
    }

    private static String describe(Bytes key, VersionId id, boolean isLatest, boolean isMarker) {
        return key + " " + id.text() + (isLatest ? " latest" : "") + (isMarker ? " marker" : "");
    }

    private List<String> expected(ListClass.Parameters parameters) {
        List<String> names = new ArrayList<>();
        Bytes lastCommon = null;
        for (Map.Entry<Bytes, List<VersionModel.Stored>> entry : keys.entrySet()) {
            Bytes key = entry.getKey();
            boolean isShown = parameters.mode() == ListClass.Mode.VERSIONS
                    || !entry.getValue().get(0).isDeleteMarker();
            boolean isWanted = key.startsWith(parameters.prefix()) && key.compareTo(parameters.startAfter()) > 0;
            if (!isShown || !isWanted) {
                continue;
            }
            Bytes common = Keys.commonPrefix(key, parameters.prefix().length(), parameters.delimiter());
            if (common != null) {
                boolean isNew = !common.equals(lastCommon) && common.compareTo(parameters.startAfter()) > 0;
                if (isNew) {
                    names.add("prefix " + common);
                }
                lastCommon = common;
                continue;
            }
            boolean isLatest = true;
            for (VersionModel.Stored version : entry.getValue()) {
                if (isLatest || parameters.mode() == ListClass.Mode.VERSIONS) {
                    names.add(describe(key, version.id(), isLatest, version.isDeleteMarker()));
                }
                isLatest = false;
            }
        }
        return names;
    }
}
