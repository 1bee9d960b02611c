package io.roost.cluster.pg;

import io.roost.cluster.object.ScrubKind;

/**
 * What a scrub has come to.
 *
 * @param kind of scrub
 * @param found entries of which a copy differed or was damaged
 * @param unresolved those of them that still are not the same everywhere, and whole
 */
public record ScrubResult(ScrubKind kind, long found, long unresolved) {}
