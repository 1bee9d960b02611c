/**
 * Background work on buckets: deletion of garbage, reaping of stale intents, end of abandoned uploads, completion of
 * deletions that were cut short, and verification. Every step is idempotent, so that any number of workers may do it at
 * the same time and any of them may stop at any moment.
 *
 * <p>Arrows: {@code layout}, {@code classes}, {@code cluster.{client, object}}.
 */
package io.roost.objectstore.lifecycle;
