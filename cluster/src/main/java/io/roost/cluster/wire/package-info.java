/**
 * Messages and maps as bytes. Pure.
 *
 * <p>Arrows: {@code object}, {@code map}, {@code message}.
 */
package io.roost.cluster.wire;
