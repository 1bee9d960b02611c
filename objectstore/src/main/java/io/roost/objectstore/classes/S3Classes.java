package io.roost.objectstore.classes;

import io.roost.cluster.classes.ClassMethod;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.object.ByteReader;
import io.roost.objectstore.layout.AccessKeyRecord;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.Stripe;
import io.roost.objectstore.layout.StripeCalls;
import io.roost.objectstore.layout.UserRecord;
import java.util.List;

/** All object classes of the S3 layer, to be registered with every OSD. */
public final class S3Classes {
    /** Bucket records, in the system pool. */
    public static final String BUCKET = "bucket";

    /** Headers of shards. */
    public static final String SHARD = "shard";

    /** Keys of a shard. */
    public static final String OBJECT = "object";

    /** Multipart uploads of a shard. */
    public static final String MULTIPART = "multipart";

    /** Intents of a shard. */
    public static final String INTENT = StripeCalls.INTENT;

    /** Stripes. */
    public static final String STRIPE = StripeCalls.STRIPE;

    /** Garbage of a shard. */
    public static final String GARBAGE = "garbage";

    /** Users, in the system pool. */
    public static final String USER = "user";

    /** Access keys, in the system pool. */
    public static final String ACCESS_KEY = "access-key";

    /** Verification of shards. */
    public static final String AUDIT = "audit";

    /** Version of all these classes: the feature that an OSD with them has. */
    private static final int VERSION = 1;

    private S3Classes() {}

    /** The classes. */
    public static List<ObjectClass> all() {
        return all(CompleteClass.MIN_PART_BYTES);
    }

    /**
     * The classes with another least size of parts, so that simulations need not handle parts of megabytes.
     *
     * @param leastPartBytes of every part but the last
     */
    public static List<ObjectClass> all(long leastPartBytes) {
        return List.of(
                bucket(),
                shard(),
                object(),
                multipart(leastPartBytes),
                intent(),
                stripe(),
                garbage(),
                user(),
                accessKey(),
                audit());
    }

    private static ObjectClass bucket() {
        return new ObjectClass(BUCKET, VERSION)
                .writing(
                        BucketClass.CREATE,
                        TypedMethod.decoding(in -> BucketRecord.decode(in.rest()), BucketClass::create))
                .reading(BucketClass.GET, TypedMethod.decoding(ByteReader::text, BucketClass::get))
                .reading(BucketClass.LIST, TypedMethod.decoding(BucketClass.ListParameters::decode, BucketClass::list))
                .freeing(
                        BucketClass.MARK_DELETING,
                        TypedMethod.decoding(BucketClass.Parameters::decode, BucketClass::markDeleting))
                .freeing(BucketClass.REMOVE, TypedMethod.decoding(BucketClass.Parameters::decode, BucketClass::remove))
                .freeing(
                        BucketClass.RESTORE, TypedMethod.decoding(BucketClass.Parameters::decode, BucketClass::restore))
                .writing(
                        BucketClass.SET_VERSIONING,
                        TypedMethod.decoding(BucketClass.Parameters::decode, BucketClass::setVersioning));
    }

    private static ObjectClass shard() {
        ClassMethod stat = (view, input) -> ShardClass.stat(view);
        return new ObjectClass(SHARD, VERSION)
                .writing(ShardClass.INIT, TypedMethod.decoding(ShardClass.Parameters::decode, ShardClass::init))
                .freeing(ShardClass.FENCE, TypedMethod.decoding(ShardClass.Parameters::decode, ShardClass::fence))
                .freeing(ShardClass.RESTORE, TypedMethod.decoding(ShardClass.Parameters::decode, ShardClass::restore))
                .reading(ShardClass.STAT, stat);
    }

    private static ObjectClass object() {
        return new ObjectClass(OBJECT, VERSION)
                .writing(PutClass.METHOD, TypedMethod.decoding(PutClass.Parameters::decode, PutClass::evaluate))
                .reading(GetClass.GET, TypedMethod.decoding(GetClass.Parameters::decode, GetClass::get))
                .reading(GetClass.HEAD, TypedMethod.decoding(GetClass.Parameters::decode, GetClass::head))
                .readingConstant(
                        GetClass.BODY, (view, input) -> GetClass.body(view, new ByteReader(input.parameters())))
                .freeing(
                        DeleteClass.METHOD, TypedMethod.decoding(DeleteClass.Parameters::decode, DeleteClass::evaluate))
                .writing(CopyClass.METHOD, TypedMethod.decoding(CopyClass.Parameters::decode, CopyClass::evaluate))
                .reading(ListClass.METHOD, TypedMethod.decoding(ListClass.Parameters::decode, ListClass::evaluate));
    }

    private static ObjectClass multipart(long leastPartBytes) {
        TypedMethod<CompleteClass.Parameters> complete =
                (view, parameters, data) -> CompleteClass.evaluate(view, parameters, leastPartBytes);
        return new ObjectClass(MULTIPART, VERSION)
                .writing(
                        UploadClass.CREATE,
                        TypedMethod.decoding(UploadClass.CreateParameters::decode, UploadClass::create))
                .reading(UploadClass.GET, TypedMethod.decoding(UploadClass.GetParameters::decode, UploadClass::get))
                .freeing(
                        UploadClass.ABORT,
                        TypedMethod.decoding(UploadClass.AbortParameters::decode, UploadClass::abort))
                .reading(
                        UploadListClass.METHOD,
                        TypedMethod.decoding(UploadListClass.Parameters::decode, UploadListClass::evaluate))
                .writing(PartClass.PUT, TypedMethod.decoding(PartClass.PutParameters::decode, PartClass::put))
                .reading(PartClass.LIST, TypedMethod.decoding(PartClass.ListParameters::decode, PartClass::list))
                .reading(PartClass.LOCATE, TypedMethod.decoding(PartClass.ListParameters::decode, PartClass::locate))
                .writing(CompleteClass.METHOD, TypedMethod.decoding(CompleteClass.Parameters::decode, complete));
    }

    private static ObjectClass intent() {
        return new ObjectClass(INTENT, VERSION)
                .writing(
                        IntentClass.CREATE,
                        TypedMethod.decoding(IntentClass.CreateParameters::decode, IntentClass::create))
                .writing(IntentClass.RENEW, TypedMethod.decoding(IntentClass.Parameters::decode, IntentClass::renew))
                .freeing(IntentClass.REAP, TypedMethod.decoding(IntentClass.Parameters::decode, IntentClass::reap))
                .freeing(IntentClass.REMOVE, TypedMethod.decoding(IntentClass.Parameters::decode, IntentClass::remove));
    }

    private static ObjectClass stripe() {
        return new ObjectClass(STRIPE, VERSION)
                .writing(StripeClass.CREATE, TypedMethod.decoding(in -> Stripe.decode(in.rest()), StripeClass::create))
                .readingConstant(
                        StripeClass.READ, (view, input) -> StripeClass.read(view, new ByteReader(input.parameters())))
                .reading(StripeClass.STAT, (view, input) -> StripeClass.stat(view))
                .freeing(StripeClass.DELETE, (view, input) -> StripeClass.delete(view))
                .freeing(
                        StripeClass.BURY,
                        TypedMethod.decoding(in -> Stripe.Tombstone.decode(in.rest()), StripeClass::bury))
                .freeing(
                        StripeClass.FORGET,
                        (view, input) -> StripeClass.forget(view, new ByteReader(input.parameters())));
    }

    private static ObjectClass garbage() {
        return new ObjectClass(GARBAGE, VERSION)
                .reading(
                        GarbageClass.LIST,
                        TypedMethod.decoding(GarbageClass.ListParameters::decode, GarbageClass::list))
                .reading(GarbageClass.GET, TypedMethod.decoding(ByteReader::rest, GarbageClass::get))
                .freeing(
                        GarbageClass.REMOVE,
                        TypedMethod.decoding(GarbageClass.RemoveParameters::decode, GarbageClass::remove));
    }

    private static ObjectClass user() {
        return new ObjectClass(USER, VERSION)
                .writing(UserClass.CREATE, TypedMethod.decoding(in -> UserRecord.decode(in.rest()), UserClass::create))
                .reading(UserClass.GET, TypedMethod.decoding(ByteReader::text, UserClass::get))
                .reading(UserClass.LIST, TypedMethod.decoding(UserClass.ListParameters::decode, UserClass::list))
                .writing(UserClass.ADD_KEY, TypedMethod.decoding(UserClass.KeyParameters::decode, UserClass::addKey))
                .freeing(
                        UserClass.REMOVE_KEY,
                        TypedMethod.decoding(UserClass.KeyParameters::decode, UserClass::removeKey))
                .freeing(UserClass.REMOVE, TypedMethod.decoding(ByteReader::text, UserClass::remove));
    }

    private static ObjectClass accessKey() {
        return new ObjectClass(ACCESS_KEY, VERSION)
                .writing(
                        AccessKeyClass.CREATE,
                        TypedMethod.decoding(in -> AccessKeyRecord.decode(in.rest()), AccessKeyClass::create))
                .reading(AccessKeyClass.GET, TypedMethod.decoding(ByteReader::text, AccessKeyClass::get))
                .freeing(AccessKeyClass.REMOVE, TypedMethod.decoding(ByteReader::text, AccessKeyClass::remove));
    }

    private static ObjectClass audit() {
        return new ObjectClass(AUDIT, VERSION)
                .reading(AuditClass.SCAN, TypedMethod.decoding(ByteReader::rest, AuditClass::scan))
                .reading(AuditClass.OWNER, TypedMethod.decoding(AuditClass.OwnerParameters::decode, AuditClass::owner));
    }
}
