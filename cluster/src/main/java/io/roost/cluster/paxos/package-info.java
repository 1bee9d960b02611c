/**
 * Agreement among monitors on one log of key/value transactions, as pure machines.
 *
 * <p>Arrows: {@code machine}, {@code map}, {@code message}, {@code object}, {@code wire}.
 */
package io.roost.cluster.paxos;
