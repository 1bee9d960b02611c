package io.roost.objectstore.classes;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.objectstore.layout.BucketShards;
import io.roost.objectstore.layout.ChecksumMark;
import io.roost.objectstore.layout.Counters;
import io.roost.objectstore.layout.ETag;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.ObjectMetadata;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.StorageClass;
import io.roost.objectstore.layout.StripeSet;
import io.roost.objectstore.layout.Versioning;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Random;

/** A shard in memory and the requests of a client, with time and random bytes that the test rules. */
final class ShardFixture {
    static final Bytes BUCKET_ID = Bytes.hex("000102030405060708090a0b0c0d0e0f");
    static final long POOL = 2;

    private final Random random;
    private final ModelLocator locator;
    private ShardRef shard = new ShardRef(BUCKET_ID, 1, Versioning.NEVER);
    private long nowMillis = 1_000_000;

    ShardFixture(long seed) {
        this(seed, false);
    }

    ShardFixture(long seed, boolean withMisses) {
        random = new Random(seed);
        locator = new ModelLocator(
                new Locator(POOL, BucketShards.locatorKey(BUCKET_ID, 1, 0, 0)),
                new ClassRegistry(S3Classes.all()),
                withMisses ? new Random(seed + 1) : null);
    }

    ModelLocator locator() {
        return locator;
    }

    Random random() {
        return random;
    }

    long now() {
        return nowMillis;
    }

    void setNow(long millis) {
        nowMillis = millis;
    }

    long garbageDue() {
        return nowMillis + 900_000;
    }

    ShardRef shard() {
        return shard;
    }

    void setShard(Versioning versioning, long configEpoch) {
        shard = new ShardRef(BUCKET_ID, configEpoch, versioning);
    }

    void init() {
        CallReply reply = call(new ShardClass.Parameters(shard, nowMillis).init());
        if (!reply.isOk()) {
            throw new AssertionError("init: " + reply.status());
        }
    }

    CallReply call(ClassCall call) {
        return locator.call(call);
    }

    Counters counters() {
        return Counters.decode(call(ShardClass.stat()).output());
    }

    Bytes id() {
        return new ByteWriter(16).u64(random.nextLong()).u64(random.nextLong()).toBytes();
    }

    Head head(byte[] body, Manifest manifest, long sizeBytes) {
        return new Head(
                new Head.State(false, false, random.nextLong()),
                sizeBytes,
                nowMillis,
                ETag.ofMd5(md5(body)),
                StorageClass.STANDARD,
                ChecksumMark.NONE,
                id(),
                manifest);
    }

    PutClass.Parameters putParameters(String key, String body, Conditions conditions) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return new PutClass.Parameters(
                shard,
                Bytes.utf8(key),
                head(bytes, Manifest.inline(), bytes.length),
                ObjectMetadata.EMPTY.encode(),
                conditions,
                garbageDue());
    }

    CallReply put(String key, String body) {
        return call(putParameters(key, body, Conditions.NONE).call(Data.wrap(body.getBytes(StandardCharsets.UTF_8))));
    }

    StripeSet set(long sizeBytes) {
        return new StripeSet(id(), POOL, 1000, sizeBytes);
    }

    static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
