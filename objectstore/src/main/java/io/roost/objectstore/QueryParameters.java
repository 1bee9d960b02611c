package io.roost.objectstore;

import io.roost.cluster.object.Bytes;
import java.util.ArrayList;
import java.util.List;

/** The query of a request, decoded, in the order of the request line. Immutable. */
public final class QueryParameters {
    /** No query. */
    public static final QueryParameters NONE = new QueryParameters(List.of(), List.of());

    /** More parameters than any operation has; presigned requests with overrides have about 20. */
    private static final int MAX_PARAMETERS = 100;

    private final List<String> names;
    private final List<Bytes> values;

    private QueryParameters(List<String> names, List<Bytes> values) {
        this.names = names;
        this.values = values;
    }

    /**
     * Decodes what follows the question mark. A parameter without an equals sign has an empty value.
     *
     * @throws S3Exception InvalidURI when an encoding is malformed or there are too many
     */
    public static QueryParameters parse(String rawQuery) {
        if (rawQuery.isEmpty()) {
            return NONE;
        }
        List<String> names = new ArrayList<>(4);
        List<Bytes> values = new ArrayList<>(4);
        int begin = 0;
        while (begin <= rawQuery.length()) {
            int end = rawQuery.indexOf('&', begin);
            if (end < 0) {
                end = rawQuery.length();
            }
            if (end > begin) {
                int equals = rawQuery.indexOf('=', begin);
                int nameEnd = equals < 0 || equals > end ? end : equals;
                names.add(PercentCoding.decode(rawQuery, begin, nameEnd, PercentCoding.Plus.SPACE)
                        .utf8());
                values.add(PercentCoding.decode(rawQuery, Math.min(nameEnd + 1, end), end, PercentCoding.Plus.SPACE));
                if (names.size() > MAX_PARAMETERS) {
                    throw new S3Exception(S3Error.INVALID_URI);
                }
            }
            begin = end + 1;
        }
        return new QueryParameters(List.copyOf(names), List.copyOf(values));
    }

    /** True when there is a parameter of that name, with or without a value. */
    public boolean has(String name) {
        return names.contains(name);
    }

    /** The first value of a parameter as a text, or null when there is no such parameter. */
    public String text(String name) {
        Bytes value = bytes(name);
        return value == null ? null : value.utf8();
    }

    /** The first value of a parameter, or null when there is no such parameter. */
    public Bytes bytes(String name) {
        int index = names.indexOf(name);
        return index < 0 ? null : values.get(index);
    }

    /** The names in order. */
    public List<String> names() {
        return names;
    }

    /** The value at an index of {@link #names}. */
    public Bytes value(int index) {
        return values.get(index);
    }
}
