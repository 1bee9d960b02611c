package io.roost.objectstore.classes;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.client.CallReply;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.objectstore.layout.AccessKeyRecord;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.Placement;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.SystemNames;
import io.roost.objectstore.layout.UserRecord;
import io.roost.objectstore.layout.Versioning;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records of the system pool, and the life of a bucket from creation to deletion. */
class BucketClassTest {
    private final ModelLocator system =
            new ModelLocator(new Locator(1, SystemNames.BUCKETS), new ClassRegistry(S3Classes.all()), null);

    private static BucketRecord bucket(long id, String name, String owner) {
        BucketRecord.Layout layout = new BucketRecord.Layout(Placement.HASH, 1, 4096, List.of(0));
        return new BucketRecord(
                new ByteWriter().u64(0).u64(id).toBytes(),
                name,
                owner,
                1,
                false,
                1,
                Versioning.NEVER,
                layout,
                "",
                BucketRecord.Use.OBJECTS);
    }

    private ClassStatus status(CallReply reply) {
        return ClassStatus.ofCode(reply.status());
    }

    @Test
    void aNameIsGivenOnce() {
        assertThat(status(system.call(BucketClass.create(bucket(1, "a", "anna")))))
                .isEqualTo(ClassStatus.OK);
        CallReply own = system.call(BucketClass.create(bucket(2, "a", "anna")));
        assertThat(status(own)).isEqualTo(ClassStatus.ALREADY_OWNED);
        assertThat(BucketRecord.decode(own.output())).isEqualTo(bucket(1, "a", "anna"));
        assertThat(status(system.call(BucketClass.create(bucket(3, "a", "bert")))))
                .isEqualTo(ClassStatus.ALREADY_EXISTS);
    }

    @Test
    void bucketsAreListedByOwnerInPages() {
        for (int i = 0; i < 25; i++) {
            system.call(BucketClass.create(bucket(i, "b" + (char) ('a' + i), i % 2 == 0 ? "anna" : "ann")));
        }
        List<String> names = new ArrayList<>();
        String after = "";
        boolean more = true;
        while (more) {
            BucketClass.ListReply page =
                    BucketClass.ListReply.decode(system.call(new BucketClass.ListParameters("ann", after, 5).call())
                            .output());
            for (BucketRecord bucket : page.buckets()) {
                assertThat(bucket.owner()).isEqualTo("ann");
                names.add(bucket.name());
                after = bucket.name();
            }
            more = page.isTruncated();
        }
        assertThat(names).hasSize(12).isSorted();
        BucketClass.ListReply all = BucketClass.ListReply.decode(
                system.call(new BucketClass.ListParameters("", "", 1000).call()).output());
        assertThat(all.buckets()).hasSize(25);
    }

    @Test
    void onlyTheLatestDeletionEndsOrGivesUp() {
        BucketRecord bucket = bucket(1, "a", "anna");
        system.call(BucketClass.create(bucket));
        BucketRecord first = BucketRecord.decode(
                system.call(BucketClass.Parameters.of(bucket).markDeleting()).output());
        BucketRecord second = BucketRecord.decode(
                system.call(BucketClass.Parameters.of(bucket).markDeleting()).output());
        assertThat(second.configEpoch()).isGreaterThan(first.configEpoch());
        assertThat(status(system.call(BucketClass.Parameters.of(first).remove())))
                .isEqualTo(ClassStatus.CONFLICT);
        assertThat(status(system.call(BucketClass.Parameters.of(first).restore())))
                .isEqualTo(ClassStatus.CONFLICT);
        assertThat(status(system.call(BucketClass.Parameters.of(second).setVersioning())))
                .isEqualTo(ClassStatus.CONFLICT);
        assertThat(status(system.call(BucketClass.Parameters.of(second).remove())))
                .isEqualTo(ClassStatus.OK);
        assertThat(status(system.call(BucketClass.get("a")))).isEqualTo(ClassStatus.NO_SUCH_BUCKET);
        assertThat(system.names()).isEmpty();
    }

    @Test
    void aRecordOfAnotherIdIsAnotherBucket() {
        system.call(BucketClass.create(bucket(2, "a", "anna")));
        BucketClass.Parameters old = BucketClass.Parameters.of(bucket(1, "a", "anna"));
        assertThat(status(system.call(old.markDeleting()))).isEqualTo(ClassStatus.NO_SUCH_BUCKET);
    }

    @Test
    void aFencedShardTakesNothingAndNoLateMessageOpensIt() {
        ShardFixture shard = new ShardFixture(1);
        shard.init();
        ShardRef deletion = new ShardRef(ShardFixture.BUCKET_ID, 2, Versioning.NEVER);
        ShardRef again = new ShardRef(ShardFixture.BUCKET_ID, 3, Versioning.NEVER);
        assertThat(fence(shard, deletion)).isEqualTo(ClassStatus.OK);
        assertThat(status(shard.put("a", "x"))).isEqualTo(ClassStatus.NO_SUCH_BUCKET);
        assertThat(status(shard.call(new ShardClass.Parameters(shard.shard(), 0).init())))
                .isEqualTo(ClassStatus.NO_SUCH_BUCKET);
        assertThat(fence(shard, again)).isEqualTo(ClassStatus.OK);
        assertThat(fence(shard, deletion)).isEqualTo(ClassStatus.STALE_BUCKET);
        assertThat(status(shard.call(new ShardClass.Parameters(deletion, 0).restore())))
                .isEqualTo(ClassStatus.CONFLICT);
        assertThat(status(shard.call(new ShardClass.Parameters(again, 0).restore())))
                .isEqualTo(ClassStatus.OK);
        shard.setShard(Versioning.NEVER, 4);
        assertThat(status(shard.put("a", "x"))).isEqualTo(ClassStatus.OK);
    }

    @Test
    void aShardWithAKeyOrAnUploadIsNotFenced() {
        ShardFixture shard = new ShardFixture(1);
        shard.init();
        shard.put("a", "x");
        ShardRef deletion = new ShardRef(ShardFixture.BUCKET_ID, 2, Versioning.NEVER);
        assertThat(fence(shard, deletion)).isEqualTo(ClassStatus.NOT_EMPTY);
        assertThat(status(shard.put("a", "y"))).isEqualTo(ClassStatus.OK);
    }

    @Test
    void aFencedHeaderIsForgottenAfterADay() {
        ShardFixture shard = new ShardFixture(1);
        shard.init();
        shard.setNow(1000);
        fence(shard, new ShardRef(ShardFixture.BUCKET_ID, 2, Versioning.NEVER));
        long due = 1000 + ShardClass.FORGET_AFTER_MILLIS;
        assertThat(due(shard, due - 1)).isEmpty();
        List<Bytes> names = due(shard, due);
        assertThat(names).hasSize(1);
        assertThat(status(shard.call(GarbageClass.remove(names.get(0), due - 1))))
                .isEqualTo(ClassStatus.STILL_LIVE);
        assertThat(status(shard.call(GarbageClass.remove(names.get(0), due)))).isEqualTo(ClassStatus.OK);
        assertThat(shard.locator().names()).isEmpty();
    }

    private static List<Bytes> due(ShardFixture shard, long nowMillis) {
        return GarbageClass.names(shard.call(new GarbageClass.ListParameters(nowMillis, Bytes.EMPTY, 10).call())
                .output());
    }

    private ClassStatus fence(ShardFixture shard, ShardRef ref) {
        return status(shard.call(new ShardClass.Parameters(ref, shard.now()).fence()));
    }

    @Test
    void usersAndKeysComeAndGo() {
        ModelLocator users = new ModelLocator(
                new Locator(1, SystemNames.userLocator("anna")), new ClassRegistry(S3Classes.all()), null);
        UserRecord anna = new UserRecord("id", "anna", "Anna", "", 1, false, List.of());
        assertThat(status(users.call(UserClass.create(anna)))).isEqualTo(ClassStatus.OK);
        assertThat(status(users.call(UserClass.create(anna)))).isEqualTo(ClassStatus.ALREADY_EXISTS);
        UserClass.KeyParameters key = new UserClass.KeyParameters("anna", "AK1");
        assertThat(status(users.call(key.add()))).isEqualTo(ClassStatus.OK);
        assertThat(status(users.call(key.add()))).isEqualTo(ClassStatus.OK);
        assertThat(status(users.call(UserClass.remove("anna")))).isEqualTo(ClassStatus.NOT_EMPTY);
        assertThat(UserClass.users(
                        users.call(new UserClass.ListParameters("", 10).call()).output()))
                .containsExactly(anna.withAccessKeys(List.of("AK1")));
        assertThat(status(users.call(key.remove()))).isEqualTo(ClassStatus.OK);
        assertThat(status(users.call(UserClass.remove("anna")))).isEqualTo(ClassStatus.OK);
        assertThat(status(users.call(UserClass.get("anna")))).isEqualTo(ClassStatus.NOT_FOUND);
        assertThat(status(users.call(key.add()))).isEqualTo(ClassStatus.NOT_FOUND);
        for (int i = 0; i <= UserRecord.MAX_ACCESS_KEYS; i++) {
            users.call(UserClass.create(anna));
            ClassStatus added = status(users.call(new UserClass.KeyParameters("anna", "AK" + i).add()));
            assertThat(added).isEqualTo(i < UserRecord.MAX_ACCESS_KEYS ? ClassStatus.OK : ClassStatus.TOO_MANY);
        }
    }

    @Test
    void anAccessKeyIsGivenOnce() {
        ModelLocator keys = new ModelLocator(
                new Locator(1, SystemNames.accessKeyLocator("AK1")), new ClassRegistry(S3Classes.all()), null);
        AccessKeyRecord key = new AccessKeyRecord("AK1", "secret", "anna", 1, true);
        AccessKeyRecord other = new AccessKeyRecord("AK1", "other", "bert", 1, true);
        assertThat(status(keys.call(AccessKeyClass.create(key)))).isEqualTo(ClassStatus.OK);
        assertThat(status(keys.call(AccessKeyClass.create(key)))).isEqualTo(ClassStatus.OK);
        assertThat(status(keys.call(AccessKeyClass.create(other)))).isEqualTo(ClassStatus.ALREADY_EXISTS);
        assertThat(AccessKeyRecord.decode(keys.call(AccessKeyClass.get("AK1")).output()))
                .isEqualTo(key);
        assertThat(status(keys.call(AccessKeyClass.remove("AK1")))).isEqualTo(ClassStatus.OK);
        assertThat(status(keys.call(AccessKeyClass.get("AK1")))).isEqualTo(ClassStatus.NOT_FOUND);
    }
}
