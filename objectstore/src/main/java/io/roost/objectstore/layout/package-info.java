/**
 * One S3 object as stored objects: names of entries, heads, manifests, stripes, part rows, garbage, bucket, user and key
 * records, and the one way ({@link io.roost.objectstore.layout.ShardTransaction}) to change a key of a shard with its
 * references, garbage and counters. Pure.
 *
 * <p>Arrows: {@code cluster.{object, classes}}. The mail store sees this package and no other of the object store.
 */
package io.roost.objectstore.layout;
