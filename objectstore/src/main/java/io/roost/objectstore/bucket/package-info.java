/**
 * Operations on buckets, one class each, and how every other operation finds its bucket.
 *
 * <p>Arrows: {@code classes}, {@code layout}, {@code xml}, {@code cluster.client}.
 */
package io.roost.objectstore.bucket;
