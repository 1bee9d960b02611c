package io.roost.mailstore.mime;

import io.roost.cluster.object.Bytes;
import java.util.List;

/**
 * A parameter of Content-Type or Content-Disposition as written: pieces and charsets of RFC 2231 are in the names.
 *
 * @param name as written
 * @param value without quotes
 */
public record Parameter(String name, Bytes value) {
    /** The first value of a name in any case, or null. */
    static Bytes first(List<Parameter> parameters, String name) {
        for (Parameter parameter : parameters) {
            if (parameter.name.equalsIgnoreCase(name)) {
                return parameter.value;
            }
        }
        return null;
    }
}
