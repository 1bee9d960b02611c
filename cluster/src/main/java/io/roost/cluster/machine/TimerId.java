package io.roost.cluster.machine;

/**
 * A timer of a machine. Of one id at most one is running.
 *
 * @param name what it is for
 */
public record TimerId(String name) {}
