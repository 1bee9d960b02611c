/**
 * The S3 gateway. This package is its vocabulary: operations, requests, responses, errors.
 *
 * <p>Arrows: {@code cluster.{client, object, classes}}.
 */
package io.roost.objectstore;
