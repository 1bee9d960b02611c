package io.roost.cluster.message;

import java.util.Objects;

/**
 * A line of the cluster's log.
 *
 * @param number counts lines from 1
 * @param wallMillis when it was written, milliseconds of the epoch
 * @param severity how much it matters
 * @param text for a person
 */
public record LogLine(long number, long wallMillis, Severity severity, String text) {
    /** Longest text in characters; what is longer is cut. */
    public static final int MAX_TEXT_LENGTH = 1000;

    /** Checks for null, and cuts the text. */
    public LogLine {
        Objects.requireNonNull(severity, "severity");
        text = text.length() > MAX_TEXT_LENGTH ? text.substring(0, MAX_TEXT_LENGTH) : text;
    }

    /** How much a line matters. */
    public enum Severity {
        /** As it should be. */
        INFO,
        /** An administrator should know. */
        WARN
    }
}
