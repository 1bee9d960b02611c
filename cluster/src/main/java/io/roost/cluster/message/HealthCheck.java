package io.roost.cluster.message;

import java.util.List;
import java.util.Objects;

/**
 * Something about the cluster that is not as it should be.
 *
 * @param code as Ceph names it: {@code OSD_DOWN}
 * @param severity how bad it is
 * @param summary one line for a person
 * @param details what it is about, a line each
 * @param remedy what to do
 */
public record HealthCheck(String code, Severity severity, String summary, List<String> details, String remedy) {
    /** Copies the details. */
    public HealthCheck {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(severity, "severity");
        details = List.copyOf(details);
    }

    /** How bad it is. */
    public enum Severity {
        /** Everything is served; something should be done. */
        WARNING,
        /** Something is not served, or is damaged. */
        ERROR
    }
}
