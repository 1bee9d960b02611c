package io.roost.cluster.crush;

/** A text map that is not one; the message begins with the line. */
public final class CrushTextException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;

    CrushTextException(int line, String message) {
        super("line " + line + ": " + message);
        this.line = line;
    }

    /** The line at which reading stopped, 1 for the first. */
    public int line() {
        return line;
    }
}
