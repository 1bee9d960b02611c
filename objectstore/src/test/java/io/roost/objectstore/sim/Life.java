package io.roost.objectstore.sim;

/** A process, or a connection, of the simulation: what it has still to do when it ends is never done. */
final class Life {
    private final String name;
    private boolean ended;

    Life(String name) {
        this.name = name;
    }

    /** Ends it; there is no second. */
    void end() {
        ended = true;
    }

    boolean isEnded() {
        return ended;
    }

    @Override
    public String toString() {
        return name;
    }
}
