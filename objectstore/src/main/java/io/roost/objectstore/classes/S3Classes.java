package io.roost.objectstore.classes;

import io.roost.cluster.classes.ClassMethod;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.object.ByteReader;
import io.roost.objectstore.layout.BucketRecord;
import java.util.List;

/** All object classes of the S3 layer, to be registered with every OSD. */
public final class S3Classes {
    /** Bucket records, in the system pool. */
    public static final String BUCKET = "bucket";

    /** Headers of shards. */
    public static final String SHARD = "shard";

    /** Keys of a shard. */
    public static final String OBJECT = "object";

    /** Version of all these classes: the feature that an OSD with them has. */
    private static final int VERSION = 1;

    private S3Classes() {}

    /** The classes. */
    public static List<ObjectClass> all() {
        return List.of(bucket(), shard(), object());
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
        ClassMethod forget = (view, input) -> ShardClass.forget(view, new ByteReader(input.parameters()));
        return new ObjectClass(SHARD, VERSION)
                .writing(ShardClass.INIT, TypedMethod.decoding(ShardClass.Parameters::decode, ShardClass::init))
                .freeing(ShardClass.FENCE, TypedMethod.decoding(ShardClass.Parameters::decode, ShardClass::fence))
                .freeing(ShardClass.RESTORE, TypedMethod.decoding(ShardClass.Parameters::decode, ShardClass::restore))
                .freeing(ShardClass.FORGET, forget)
                .reading(ShardClass.STAT, stat);
    }

    private static ObjectClass object() {
        return new ObjectClass(OBJECT, VERSION)
                .writing(PutClass.METHOD, TypedMethod.decoding(PutClass.Parameters::decode, PutClass::evaluate))
                .reading(GetClass.GET, TypedMethod.decoding(GetClass.Parameters::decode, GetClass::get))
                .reading(GetClass.HEAD, TypedMethod.decoding(GetClass.Parameters::decode, GetClass::head))
                .freeing(
                        DeleteClass.METHOD, TypedMethod.decoding(DeleteClass.Parameters::decode, DeleteClass::evaluate))
                .reading(ListClass.METHOD, TypedMethod.decoding(ListClass.Parameters::decode, ListClass::evaluate));
    }
}
