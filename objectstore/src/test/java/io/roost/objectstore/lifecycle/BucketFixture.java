package io.roost.objectstore.lifecycle;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.objectstore.classes.BucketClass;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.CompleteClass;
import io.roost.objectstore.classes.Conditions;
import io.roost.objectstore.classes.DeleteClass;
import io.roost.objectstore.classes.IntentClass;
import io.roost.objectstore.classes.ModelCluster;
import io.roost.objectstore.classes.PartClass;
import io.roost.objectstore.classes.PutClass;
import io.roost.objectstore.classes.ShardClass;
import io.roost.objectstore.classes.StripeClass;
import io.roost.objectstore.classes.UploadClass;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.BucketShards;
import io.roost.objectstore.layout.ChecksumMark;
import io.roost.objectstore.layout.ETag;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.IntentRow;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.ObjectMetadata;
import io.roost.objectstore.layout.PartPage;
import io.roost.objectstore.layout.Placement;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.StorageClass;
import io.roost.objectstore.layout.Stripe;
import io.roost.objectstore.layout.StripeSet;
import io.roost.objectstore.layout.SystemNames;
import io.roost.objectstore.layout.UploadRow;
import io.roost.objectstore.layout.VersionId;
import io.roost.objectstore.layout.Versioning;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A bucket of four shards on pools in memory, with a client that writes objects and their stripes. */
final class BucketFixture {
    static final long DELAY_MILLIS = 900_000;

    final ModelCluster system = new ModelCluster(1);
    final ModelCluster data = new ModelCluster(2);
    final BucketRecord bucket;
    final BucketShards shards;
    final ShardRef shard;
    private final Random random;
    long nowMillis = 1_000_000;

    BucketFixture(long seed) {
        random = new Random(seed);
        BucketRecord.Layout layout = new BucketRecord.Layout(Placement.HASH, 1, 4096, List.of(1, 2, 3, 4));
        bucket = new BucketRecord(
                id(), "photos", "anna", 1, false, 1, Versioning.NEVER, layout, "", BucketRecord.Use.OBJECTS);
        shards = new BucketShards(bucket);
        shard = ShardRef.of(bucket);
        ok(system.call(SystemNames.BUCKETS, BucketClass.create(bucket)).result());
        for (int number = 0; number < shards.count(); number++) {
            ok(data.call(shards.locatorKey(number), new ShardClass.Parameters(shard, nowMillis).init())
                    .result());
        }
    }

    Bytes id() {
        return new ByteWriter(16).u64(random.nextLong()).u64(random.nextLong()).toBytes();
    }

    CallReply call(String key, ClassCall call) {
        return data.call(shards.locatorKeyOf(Bytes.utf8(key)), call).result();
    }

    static CallReply ok(CallReply reply) {
        if (!reply.isOk()) {
            throw new AssertionError(ClassStatus.ofCode(reply.status()));
        }
        return reply;
    }

    StripeSet set(long sizeBytes) {
        return new StripeSet(id(), data.pool(), 10, sizeBytes);
    }

    /** Declares and writes the stripes of an object's own set. */
    StripeSet writeStripes(String key, long sizeBytes) {
        StripeSet set = set(sizeBytes);
        Bytes name = Bytes.utf8(key);
        ok(call(
                key,
                new IntentClass.CreateParameters(shard, new IntentRow(false, nowMillis, name, Bytes.EMPTY, 0, set))
                        .call()));
        write(set, Stripe.Owner.ofObject(set.id(), shards.locatorKeyOf(name), name));
        return set;
    }

    void write(StripeSet set, Stripe.Owner owner) {
        for (int number = 0; number < set.stripeCount(); number++) {
            ok(writeStripe(set, owner, number));
        }
    }

    CallReply writeStripe(StripeSet set, Stripe.Owner owner, int number) {
        Data body = Data.wrap(new byte[set.stripeLength(number)]);
        return data.call(set.locatorKey(number), StripeClass.create(new Stripe(owner, number), body))
                .result();
    }

    CallReply commit(String key, StripeSet set) {
        Manifest manifest = set == null ? Manifest.inline() : new Manifest.Striped(set);
        Head head = new Head(
                new Head.State(false, false, random.nextLong()),
                set == null ? 3 : set.sizeBytes(),
                nowMillis,
                ETag.NONE,
                StorageClass.STANDARD,
                ChecksumMark.NONE,
                id(),
                manifest);
        PutClass.Parameters parameters = new PutClass.Parameters(
                shard, Bytes.utf8(key), head, ObjectMetadata.EMPTY.encode(), Conditions.NONE, nowMillis + DELAY_MILLIS);
        return call(key, parameters.call(set == null ? Data.wrap(new byte[3]) : Data.EMPTY));
    }

    void putStriped(String key, long sizeBytes) {
        ok(commit(key, writeStripes(key, sizeBytes)));
    }

    void putInline(String key) {
        ok(commit(key, null));
    }

    void delete(String key) {
        DeleteClass.Target target =
                new DeleteClass.Target(Bytes.utf8(key), VersionId.LATEST, random.nextLong(), Conditions.NONE);
        ok(call(
                key,
                new DeleteClass.Parameters(shard, List.of(target), nowMillis, id(), nowMillis + DELAY_MILLIS).call()));
    }

    /** An open upload with so many parts of the least size, in stripes of 4 MiB that are empty for the test's sake. */
    Bytes upload(String key, int parts) {
        Bytes uploadId = id();
        UploadRow row = new UploadRow(nowMillis, StorageClass.STANDARD, ChecksumMark.NONE, "anna");
        ok(call(key, new UploadClass.CreateParameters(shard, Bytes.utf8(key), uploadId, row, Bytes.EMPTY).call()));
        for (int number = 1; number <= parts; number++) {
            putPart(key, uploadId, number, 25);
        }
        return uploadId;
    }

    PartPage.Part putPart(String key, Bytes uploadId, int number, long sizeBytes) {
        Bytes name = Bytes.utf8(key);
        StripeSet set = set(sizeBytes);
        ok(call(
                key,
                new IntentClass.CreateParameters(shard, new IntentRow(false, nowMillis, name, uploadId, number, set))
                        .call()));
        write(set, new Stripe.Owner(set.id(), shards.locatorKeyOf(name), name, uploadId, number));
        PartPage.Part part = new PartPage.Part(number, Bytes.wrap(new byte[16]), nowMillis, Bytes.EMPTY, set);
        ok(call(key, new PartClass.PutParameters(shard, name, uploadId, part, nowMillis + DELAY_MILLIS).call()));
        return part;
    }

    /** Completes an upload with one of its parts alone. */
    void complete(String key, Bytes uploadId, int number) {
        CompleteClass.ListedPart listed = new CompleteClass.ListedPart(number, Bytes.wrap(new byte[16]), Bytes.EMPTY);
        CompleteClass.Terms terms =
                new CompleteClass.Terms(nowMillis, 1, nowMillis + DELAY_MILLIS, CompleteClass.NO_SIZE, Bytes.EMPTY);
        ok(call(
                key,
                new CompleteClass.Parameters(shard, Bytes.utf8(key), uploadId, List.of(listed), Conditions.NONE, terms)
                        .call()));
    }

    /** Stripes that are there. */
    int stripes() {
        int stripes = 0;
        for (Bytes key : data.locatorKeys()) {
            stripes += key.at(0) == 's' && data.locator(key).attributes(Bytes.of(0x30)) != null ? 1 : 0;
        }
        return stripes;
    }

    GarbageCollection garbageCollection() {
        return new GarbageCollection(data, pool -> data, () -> nowMillis, 0);
    }

    IntentReaper reaper() {
        return new IntentReaper(data, pool -> data, () -> nowMillis, IntentReaper.STALE_AFTER_MILLIS);
    }

    /** One round of work; false when it failed. */
    boolean round(WorkHandler... handlers) {
        return new PendingWork(data, List.of(handlers)).round(pg -> true).succeeded();
    }

    List<Finding> verify() {
        List<Finding> findings = new ArrayList<>();
        BucketVerify verify = new BucketVerify(system, data, pool -> data, findings::add);
        if (verify.run().failed()) {
            throw new AssertionError("verify failed");
        }
        return findings;
    }
}
