/**
 * S3's XML documents in and out, as the AWS S3 API reference shows them. Pure.
 *
 * <p>Arrows: the vocabulary in {@code objectstore}.
 */
package io.roost.objectstore.xml;
