package io.roost.objectstore.auth;

import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The query of a request, cut into parameters in order. A name without an equals sign has an empty value. */
final class QueryString {
    /** More than any client sends; each costs a comparison in a sort. */
    private static final int MAX_PARAMETERS = 1000;

    private static final QueryString EMPTY = new QueryString("", List.of());

    private final String raw;
    private final List<Parameter> parameters;

    private QueryString(String raw, List<Parameter> parameters) {
        this.raw = raw;
        this.parameters = parameters;
    }

    /**
     * Where a parameter stands in the raw query.
     *
     * @param name decoded, a char for every byte
     * @param begin of the raw value
     * @param end of the raw value
     */
    private record Parameter(String name, int begin, int end) {}

    /** Cuts a raw query. */
    static QueryString of(String raw) {
        if (raw.isEmpty()) {
            return EMPTY;
        }
        List<Parameter> parameters = new ArrayList<>();
        int begin = 0;
        while (begin <= raw.length()) {
            int end = raw.indexOf('&', begin);
            if (end < 0) {
                end = raw.length();
            }
            if (end > begin) {
                if (parameters.size() == MAX_PARAMETERS) {
                    throw new S3Exception(S3Error.INVALID_URI);
                }
                int equals = raw.indexOf('=', begin);
                int nameEnd = equals < 0 || equals > end ? end : equals;
                int valueBegin = Math.min(nameEnd + 1, end);
                parameters.add(new Parameter(decoded(raw, begin, nameEnd), valueBegin, end));
            }
            begin = end + 1;
        }
        return new QueryString(raw, parameters);
    }

    private static String decoded(String raw, int begin, int end) {
        for (int i = begin; i < end; i++) {
            char c = raw.charAt(i);
            if (c == '%' || c == '+') {
                return new CanonicalText(end - begin)
                        .putDecoded(raw, begin, end, CanonicalText.Part.QUERY)
                        .toString();
            }
        }
        return raw.substring(begin, end);
    }

    int count() {
        return parameters.size();
    }

    String name(int index) {
        return parameters.get(index).name;
    }

    /** The decoded value, a char for every byte. */
    String value(int index) {
        Parameter parameter = parameters.get(index);
        return decoded(raw, parameter.begin, parameter.end);
    }

    /** Whether the parameter has an equals sign. */
    boolean hasValue(int index) {
        Parameter parameter = parameters.get(index);
        return parameter.begin > 0 && raw.charAt(parameter.begin - 1) == '=';
    }

    boolean contains(String name) {
        for (Parameter parameter : parameters) {
            if (parameter.name.equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** The decoded value of the only parameter of this name; null when there is none or more than one. */
    String only(String name) {
        int found = -1;
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i).name.equals(name)) {
                if (found >= 0) {
                    return null;
                }
                found = i;
            }
        }
        return found < 0 ? null : value(found);
    }

    /** Writes the canonical query: recoded, sorted by the bytes of name and then value, without one parameter. */
    void putCanonical(CanonicalText text, String without) {
        if (parameters.isEmpty()) {
            return;
        }
        byte[][][] pairs = new byte[parameters.size()][][];
        int count = 0;
        for (Parameter parameter : parameters) {
            if (!parameter.name.equals(without)) {
                pairs[count++] = new byte[][] {recodedName(parameter.name), recodedValue(parameter)};
            }
        }
        Arrays.sort(
                pairs,
                0,
                count,
                Comparator.comparing((byte[][] pair) -> pair[0], Arrays::compareUnsigned)
                        .thenComparing(pair -> pair[1], Arrays::compareUnsigned));
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                text.put('&');
            }
            text.put(pairs[i][0]).put('=').put(pairs[i][1]);
        }
    }

    private static byte[] recodedName(String decoded) {
        return new CanonicalText(decoded.length() + 8).putEncoded(decoded).toArray();
    }

    private byte[] recodedValue(Parameter parameter) {
        return new CanonicalText(parameter.end - parameter.begin + 8)
                .putRecoded(raw, parameter.begin, parameter.end, CanonicalText.Part.QUERY)
                .toArray();
    }
}
