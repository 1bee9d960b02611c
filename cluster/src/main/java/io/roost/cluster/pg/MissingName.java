package io.roost.cluster.pg;

import io.roost.cluster.object.Bytes;

/** Ends an evaluation that asked for a name which is not here as the log says; it is recovered first. */
final class MissingName extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Bytes name;

    MissingName(Bytes name) {
        super("an entry is missing", null, false, false);
        this.name = name;
    }

    Bytes name() {
        return name;
    }
}
