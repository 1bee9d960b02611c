/**
 * The load generator behind {@code roost bench s3}. It speaks to any S3 endpoint and shares nothing with the gateway, so
 * that a mistake of one is not hidden by the same mistake of the other.
 *
 * <p>Arrows: none into Roost; Netty for sockets.
 */
package io.roost.deploy.bench;
