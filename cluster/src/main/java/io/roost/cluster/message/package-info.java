/**
 * What nodes say to each other: one sealed interface per protocol, records without behaviour.
 *
 * <p>Arrows: {@code object}, {@code map}.
 */
package io.roost.cluster.message;
