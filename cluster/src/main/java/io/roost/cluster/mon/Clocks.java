package io.roost.cluster.mon;

/**
 * What the clocks show at an input.
 *
 * @param monotonicMillis what agreement goes by; never set, and from any beginning
 * @param wallMillis milliseconds of the epoch, for the dates of maps only
 */
public record Clocks(long monotonicMillis, long wallMillis) {}
