package io.roost.objectstore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The header fields of a request in the order they arrived, a name possibly more than once. Names are kept in lower
 * case. Every char of a value is one byte of the wire (ISO 8859-1), because signatures are computed over bytes.
 * Immutable. Look-ups scan: a request has a dozen fields.
 */
public final class RequestHeaders {
    /** No fields. */
    public static final RequestHeaders EMPTY = new Builder().build();

    private final String[] names;
    private final String[] values;

    private RequestHeaders(String[] names, String[] values) {
        this.names = names;
        this.values = values;
    }

    /** The fields of {@code name, value, name, value, ...}. */
    public static RequestHeaders of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a name without a value");
        }
        Builder builder = new Builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    /** Number of fields. */
    public int count() {
        return names.length;
    }

    /** Lower-case name of the field at an index of {@code [0, count)}. */
    public String name(int index) {
        return names[index];
    }

    /** Value of the field at an index of {@code [0, count)}. */
    public String value(int index) {
        return values[index];
    }

    /** Value of the first field of this lower-case name, or null when there is none. */
    public String first(String lowerCaseName) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(lowerCaseName)) {
                return values[i];
            }
        }
        return null;
    }

    /** Whether there is a field of this lower-case name. */
    public boolean contains(String lowerCaseName) {
        return first(lowerCaseName) != null;
    }

    /** How many fields have this lower-case name. */
    public int occurrences(String lowerCaseName) {
        int found = 0;
        for (String name : names) {
            if (name.equals(lowerCaseName)) {
                found++;
            }
        }
        return found;
    }

    /** Values of all fields of this lower-case name, in order; empty when there is none. */
    public List<String> all(String lowerCaseName) {
        List<String> found = new ArrayList<>(2);
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(lowerCaseName)) {
                found.add(values[i]);
            }
        }
        return found;
    }

    /** A builder that begins with these fields. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        for (int i = 0; i < names.length; i++) {
            builder.add(names[i], values[i]);
        }
        return builder;
    }

    /** Collects fields; used once. */
    public static final class Builder {
        private String[] names = new String[16];
        private String[] values = new String[16];
        private int count;

        /** Appends a field; the name in any case. */
        public Builder add(String name, String value) {
            if (count == names.length) {
                names = Arrays.copyOf(names, 2 * count);
                values = Arrays.copyOf(values, 2 * count);
            }
            names[count] = name.toLowerCase(Locale.ROOT);
            values[count] = value;
            count++;
            return this;
        }

        /** The fields added so far. */
        public RequestHeaders build() {
            return new RequestHeaders(Arrays.copyOf(names, count), Arrays.copyOf(values, count));
        }
    }
}
