/**
 * The contract of pure machines. A machine is a final class that one thread at a time drives: an input {@code onX} comes
 * in with the time, what is to be done about it goes out as effects, and the machine's state is changed on return. It
 * has no thread, clock, socket, file or source of random numbers of its own, so that the same class runs in production
 * and in a deterministic simulation.
 *
 * <p>Arrows: none.
 */
package io.roost.cluster.machine;
