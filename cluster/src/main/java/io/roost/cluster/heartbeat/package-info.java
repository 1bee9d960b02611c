/**
 * Who among the OSDs is alive, as each of them sees the others. Pure; whoever runs it gives it a thread and connections of its
 * own.
 *
 * <p>Arrows: {@code object}, {@code map}, {@code message}.
 */
package io.roost.cluster.heartbeat;
