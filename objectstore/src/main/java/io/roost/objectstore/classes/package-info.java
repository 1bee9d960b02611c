/**
 * What runs at the primary of a placement group for the S3 layer: object classes over the locators of buckets' shards, of
 * stripes and of the {@code system} pool. Each method is pure; its parameters and its reply are records next to it, with
 * their codecs. {@link io.roost.objectstore.classes.S3Classes} lists all.
 *
 * <p>Statuses are those of {@link io.roost.objectstore.classes.ClassStatus}. A gateway that is answered NO_SUCH_BUCKET or
 * STALE_BUCKET reads the bucket record again: is it there under the same id, it calls {@code shard.init} (which heals a
 * creation that was cut short) and repeats the call.
 *
 * <p>Arrows: {@code layout}, {@code cluster.{classes, client, object}}.
 */
package io.roost.objectstore.classes;
