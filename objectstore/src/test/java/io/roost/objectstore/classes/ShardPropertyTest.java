package io.roost.objectstore.classes;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.objectstore.layout.BucketShards;
import io.roost.objectstore.layout.ChecksumMark;
import io.roost.objectstore.layout.Counters;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.IntentRow;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.ObjectMetadata;
import io.roost.objectstore.layout.PartPage;
import io.roost.objectstore.layout.StorageClass;
import io.roost.objectstore.layout.StripeSet;
import io.roost.objectstore.layout.UploadRow;
import io.roost.objectstore.layout.VersionId;
import io.roost.objectstore.layout.Versioning;
import io.roost.objectstore.lifecycle.ShardAudit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random requests on one shard, held against {@link VersionModel}: results, versions, counters, and that every stripe set
 * ever committed is referred to or garbage, exactly once. Odd seeds inject store misses.
 */
class ShardPropertyTest {
    private static final int STEPS = 400;
    private static final long BIG = CompleteClass.MIN_PART_BYTES;

    private final VersionModel model = new VersionModel();
    private final Map<Bytes, OpenUpload> uploads = new LinkedHashMap<>();
    private final Set<Bytes> committedSets = new HashSet<>();
    private final List<Bytes> keys = new ArrayList<>();
    private ShardFixture shard;
    private Random random;
    private long epoch = 1;

    private record OpenUpload(Bytes key, Bytes uploadId, TreeMap<Integer, PartPage.Part> parts) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void everyRequestDoesWhatS3Says(long seed) {
        shard = new ShardFixture(seed, seed % 2 == 1);
        random = shard.random();
        shard.init();
        for (int i = 0; i < 6; i++) {
            keys.add(RandomKeys.key(random));
        }
        for (int step = 0; step < STEPS; step++) {
            shard.setNow(shard.now() + random.nextInt(1000));
            step();
            check("seed " + seed + ", step " + step);
        }
    }

    private void step() {
        switch (random.nextInt(14)) {
            case 0, 1 -> putInline();
            case 2, 3 -> putStriped();
            case 4 -> delete();
            case 5, 6 -> deleteVersions();
            case 7, 8 -> copySelf();
            case 9 -> createUpload();
            case 10, 11 -> putPart();
            case 12 -> endUpload();
            default -> {
                if (random.nextInt(6) == 0) {
                    changeVersioning();
                }
            }
        }
    }

    private Bytes anyKey() {
        return keys.get(random.nextInt(keys.size()));
    }

    private void changeVersioning() {
        model.setVersioning(random.nextBoolean() ? Versioning.ENABLED : Versioning.SUSPENDED);
        epoch++;
        shard.setShard(model.versioning(), epoch);
        if (random.nextBoolean()) {
            shard.init();
        }
    }

    private void putInline() {
        Bytes key = anyKey();
        byte[] body = ("v" + random.nextLong()).substring(0, random.nextInt(4)).getBytes(StandardCharsets.UTF_8);
        Head head = shard.head(body, Manifest.inline(), body.length);
        Conditions conditions = random.nextInt(4) == 0
                ? new Conditions(List.of(), List.of("*"), Conditions.NO_TIME, Conditions.NO_TIME)
                : Conditions.NONE;
        PutClass.Parameters parameters = new PutClass.Parameters(
                shard.shard(), key, head, ObjectMetadata.EMPTY.encode(), conditions, shard.garbageDue());
        CallReply reply = shard.call(parameters.call(Data.wrap(body)));
        if (!conditions.isNone() && model.live(key) != null) {
            assertThat(reply.status()).isEqualTo(ClassStatus.PRECONDITION_FAILED.code());
            return;
        }
        written(key, reply, new String(body, StandardCharsets.UTF_8), body.length);
        // Sent again with the same tag, it changes nothing.
        Counters before = shard.counters();
        assertThat(shard.call(parameters.call(Data.wrap(body))).output()).isEqualTo(reply.output());
        assertThat(shard.counters()).isEqualTo(before);
    }

    private void written(Bytes key, CallReply reply, Object content, long sizeBytes) {
        assertThat(reply.status()).isZero();
        VersionId id = PutClass.Reply.decode(reply.output()).versionId();
        written(key, id, content, sizeBytes);
    }

    private void written(Bytes key, VersionId answered, Object content, long sizeBytes) {
        VersionId expectedKind = model.versioning() == Versioning.NEVER ? VersionId.LATEST : VersionId.NULL;
        if (model.versioning() == Versioning.ENABLED) {
            assertThat(answered.kind()).isEqualTo(VersionId.Kind.NUMBERED);
        } else {
            assertThat(answered).isEqualTo(expectedKind);
        }
        VersionId id = answered.kind() == VersionId.Kind.LATEST ? VersionId.NULL : answered;
        model.put(key, new VersionModel.Stored(id, false, content, sizeBytes));
    }

    private boolean declare(StripeSet set, Bytes key, Bytes uploadId, int part) {
        IntentRow intent = new IntentRow(false, shard.now(), key, uploadId, part, set);
        int status = shard.call(new IntentClass.CreateParameters(shard.shard(), intent).call())
                .status();
        assertThat(status).isIn(0, ClassStatus.NO_SUCH_UPLOAD.code());
        if (status != 0 || random.nextInt(5) > 0) {
            return status == 0;
        }
        assertThat(shard.call(IntentClass.abandon(set.id())).status()).isZero();
        return true;
    }

    private boolean isReaping(StripeSet set) {
        Bytes row = shard.locator().attributes(io.roost.objectstore.layout.EntryNames.intent(set.id()));
        return row != null && IntentRow.decode(row).isReaping();
    }

    private void putStriped() {
        Bytes key = anyKey();
        StripeSet set = shard.set(1 + random.nextInt(5000));
        declare(set, key, Bytes.EMPTY, 0);
        boolean reaped = isReaping(set);
        Head head = shard.head(set.id().array(), new Manifest.Striped(set), set.sizeBytes());
        CallReply reply = shard.call(new PutClass.Parameters(
                        shard.shard(), key, head, ObjectMetadata.EMPTY.encode(), Conditions.NONE, shard.garbageDue())
                .call(Data.EMPTY));
        if (reaped) {
            assertThat(reply.status()).isEqualTo(ClassStatus.NO_SUCH_INTENT.code());
            assertThat(shard.call(IntentClass.remove(set.id())).status()).isZero();
            return;
        }
        written(key, reply, set.id(), set.sizeBytes());
        committedSets.add(set.id());
    }

    private void delete() {
        Bytes key = anyKey();
        DeleteClass.Target target = new DeleteClass.Target(key, VersionId.LATEST, random.nextLong(), Conditions.NONE);
        DeleteClass.Outcome outcome = delete(List.of(target)).get(0);
        assertThat(outcome.status()).isEqualTo(ClassStatus.OK);
        deleted(target, outcome);
    }

    private void deleteVersions() {
        List<DeleteClass.Target> targets = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(6); i++) {
            Bytes key = anyKey();
            List<VersionModel.Stored> versions = model.keys().getOrDefault(key, List.of());
            VersionId id = versions.isEmpty() || random.nextInt(8) == 0
                    ? VersionId.of(1 + random.nextInt(4), random.nextLong())
                    : versions.get(random.nextInt(versions.size())).id();
            VersionId asked = random.nextInt(5) == 0 ? VersionId.LATEST : id;
            targets.add(new DeleteClass.Target(key, asked, random.nextLong(), Conditions.NONE));
        }
        List<DeleteClass.Outcome> outcomes = delete(targets);
        for (int i = 0; i < outcomes.size(); i++) {
            deleted(targets.get(i), outcomes.get(i));
        }
    }

    private List<DeleteClass.Outcome> delete(List<DeleteClass.Target> targets) {
        DeleteClass.Parameters parameters =
                new DeleteClass.Parameters(shard.shard(), targets, shard.now(), shard.id(), shard.garbageDue());
        CallReply reply = shard.call(parameters.call());
        assertThat(reply.status()).isZero();
        List<DeleteClass.Outcome> outcomes =
                DeleteClass.Reply.decode(reply.output(), parameters).outcomes();
        assertThat(outcomes).isNotEmpty();
        return outcomes;
    }

    private void deleted(DeleteClass.Target target, DeleteClass.Outcome outcome) {
        if (target.version().kind() != VersionId.Kind.LATEST) {
            VersionModel.Stored removed = model.version(target.key(), target.version());
            assertThat(outcome.isDeleteMarker()).isEqualTo(removed != null && removed.isDeleteMarker());
            model.remove(target.key(), target.version());
        } else if (model.versioning() == Versioning.NEVER) {
            assertThat(outcome.isDeleteMarker()).isFalse();
            model.remove(target.key(), VersionId.NULL);
        } else {
            assertThat(outcome.isDeleteMarker()).isTrue();
            model.put(target.key(), new VersionModel.Stored(outcome.versionId(), true, null, 0));
        }
    }

    private void copySelf() {
        Bytes key = anyKey();
        List<VersionModel.Stored> versions = model.keys().getOrDefault(key, List.of());
        if (versions.isEmpty()) {
            return;
        }
        int index = random.nextInt(versions.size());
        VersionModel.Stored source = versions.get(index);
        CallReply read = shard.call(new GetClass.Parameters(key, source.id(), Conditions.NONE, ByteSpan.all()).head());
        if (source.isDeleteMarker()) {
            assertThat(read.status()).isEqualTo(ClassStatus.IS_DELETE_MARKER.code());
            return;
        }
        CopyClass.Copy copy = new CopyClass.Copy(
                shard.now(), random.nextLong(), shard.id(), StorageClass.GLACIER, ObjectMetadata.EMPTY.encode());
        Bytes tag = GetClass.Reply.decode(read.output()).head().writeTag();
        CallReply reply = shard.call(new CopyClass.Parameters(
                        shard.shard(),
                        key,
                        new CopyClass.Source(source.id(), tag),
                        copy,
                        Conditions.NONE,
                        shard.garbageDue())
                .call());
        boolean isInline = source.content() instanceof String && source.sizeBytes() > 0;
        boolean staysInPlace = index == 0
                && model.versioning() != Versioning.ENABLED
                && source.id().equals(VersionId.NULL);
        if (isInline && !staysInPlace) {
            assertThat(reply.status()).isEqualTo(ClassStatus.COPY_BYTES.code());
        } else {
            written(key, reply, source.content(), source.sizeBytes());
        }
    }

    private void createUpload() {
        Bytes key = anyKey();
        Bytes id = shard.id();
        UploadRow row = new UploadRow(shard.now(), StorageClass.STANDARD, ChecksumMark.NONE, "someone");
        CallReply reply = shard.call(
                new UploadClass.CreateParameters(shard.shard(), key, id, row, ObjectMetadata.EMPTY.encode()).call());
        assertThat(reply.status()).isZero();
        uploads.put(id, new OpenUpload(key, id, new TreeMap<>()));
    }

    private OpenUpload anyUpload() {
        List<OpenUpload> open = new ArrayList<>(uploads.values());
        return open.isEmpty() ? null : open.get(random.nextInt(open.size()));
    }

    private void putPart() {
        OpenUpload upload = anyUpload();
        if (upload == null) {
            return;
        }
        int number = 1 + random.nextInt(70);
        StripeSet set = new StripeSet(shard.id(), ShardFixture.POOL, 1 << 20, BIG + random.nextInt(3));
        boolean isDeclared = declare(set, upload.key, upload.uploadId, number);
        boolean reaped = isReaping(set);
        PartPage.Part part = new PartPage.Part(
                number, Bytes.wrap(ShardFixture.md5(set.id().array())), shard.now(), Bytes.EMPTY, set);
        CallReply reply = shard.call(
                new PartClass.PutParameters(shard.shard(), upload.key, upload.uploadId, part, shard.garbageDue())
                        .call());
        if (reaped) {
            assertThat(reply.status()).isEqualTo(ClassStatus.NO_SUCH_INTENT.code());
            shard.call(IntentClass.remove(set.id()));
            return;
        }
        assertThat(isDeclared).isTrue();
        assertThat(reply.status()).isZero();
        upload.parts.put(number, part);
        committedSets.add(set.id());
    }

    private void endUpload() {
        OpenUpload upload = anyUpload();
        if (upload == null || (upload.parts.isEmpty() && random.nextBoolean())) {
            return;
        }
        if (upload.parts.isEmpty() || random.nextInt(4) == 0) {
            UploadClass.AbortParameters abort =
                    new UploadClass.AbortParameters(shard.shard(), upload.key, upload.uploadId, shard.garbageDue());
            assertThat(shard.call(abort.call()).status()).isZero();
            assertThat(shard.call(abort.call()).status()).isEqualTo(ClassStatus.NO_SUCH_UPLOAD.code());
        } else {
            complete(upload);
        }
        uploads.remove(upload.uploadId);
    }

    private void complete(OpenUpload upload) {
        List<CompleteClass.ListedPart> listed = new ArrayList<>();
        List<Bytes> content = new ArrayList<>();
        long size = 0;
        for (PartPage.Part part : upload.parts.values()) {
            if (random.nextInt(4) > 0 || listed.isEmpty()) {
                listed.add(new CompleteClass.ListedPart(part.number(), part.md5(), Bytes.EMPTY));
                content.add(part.set().id());
                size += part.sizeBytes();
            }
        }
        CompleteClass.Parameters parameters = new CompleteClass.Parameters(
                shard.shard(),
                upload.key,
                upload.uploadId,
                listed,
                Conditions.NONE,
                new CompleteClass.Terms(
                        shard.now(), random.nextLong(), shard.garbageDue(), CompleteClass.NO_SIZE, Bytes.EMPTY));
        CallReply reply = shard.call(parameters.call());
        assertThat(reply.status()).isZero();
        written(
                upload.key,
                io.roost.objectstore.layout.CompletedRow.decode(reply.output()).versionId(),
                content,
                size);
        assertThat(shard.call(parameters.call()).output()).isEqualTo(reply.output());
    }

    private void check(String at) {
        assertThat(shard.counters())
                .as(at)
                .isEqualTo(new Counters(model.objects(), model.bytes(), model.deleteMarkers()));
        for (Bytes key : keys) {
            checkLatest(at, key);
            for (VersionModel.Stored version : model.keys().getOrDefault(key, List.of())) {
                checkVersion(at, key, version);
            }
        }
        checkSets(at);
    }

    private void checkLatest(String at, Bytes key) {
        CallReply reply = shard.call(GetClass.Parameters.latest(key).get());
        VersionModel.Stored live = model.live(key);
        assertThat(reply.status()).as(at).isEqualTo(live == null ? ClassStatus.NO_SUCH_KEY.code() : 0);
        if (live != null) {
            checkContent(at, reply, live);
        }
    }

    private void checkVersion(String at, Bytes key, VersionModel.Stored version) {
        CallReply reply = shard.call(new GetClass.Parameters(key, version.id(), Conditions.NONE, ByteSpan.all()).get());
        assertThat(reply.status())
                .as(at + " " + key + " " + version)
                .isEqualTo(version.isDeleteMarker() ? ClassStatus.IS_DELETE_MARKER.code() : 0);
        if (!version.isDeleteMarker()) {
            checkContent(at, reply, version);
        }
    }

    private static void checkContent(String at, CallReply reply, VersionModel.Stored version) {
        GetClass.Reply got = GetClass.Reply.decode(reply.output());
        assertThat(got.head().sizeBytes()).as(at).isEqualTo(version.sizeBytes());
        if (version.content() instanceof String text) {
            assertThat(new String(reply.data().toArray(), StandardCharsets.UTF_8))
                    .as(at)
                    .isEqualTo(text);
        } else if (version.content() instanceof Bytes setId) {
            assertThat(((Manifest.Striped) got.head().manifest()).set().id()).isEqualTo(setId);
        } else {
            List<Bytes> ids = new ArrayList<>();
            for (PartPage.Part part : got.parts()) {
                ids.add(part.set().id());
            }
            List<?> expected = (List<?>) version.content();
            assertThat(ids).as(at).isEqualTo(expected.subList(0, Math.min(expected.size(), 64)));
        }
    }

    private void checkSets(String at) {
        ShardAudit audit = audit(shard);
        assertThat(audit.findings()).as(at).isEmpty();
        Set<Bytes> known = new HashSet<>();
        for (ShardAudit.StripeUse use : audit.stripeSets()) {
            known.add(use.set().id());
        }
        assertThat(known).as(at).isEqualTo(committedSets);
    }

    static ShardAudit audit(ShardFixture shard) {
        ShardAudit audit = new ShardAudit(BucketShards.locatorKey(ShardFixture.BUCKET_ID, 1, 0, 0));
        Bytes from = Bytes.EMPTY;
        do {
            AuditClass.Page page =
                    AuditClass.Page.decode(shard.call(AuditClass.scan(from)).output());
            page.rows().forEach(audit::entry);
            from = page.next();
        } while (!from.isEmpty());
        return audit;
    }
}
