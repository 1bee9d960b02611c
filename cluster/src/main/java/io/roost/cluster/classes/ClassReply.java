package io.roost.cluster.classes;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Mutation;
import java.util.List;
import java.util.Objects;

/**
 * What a class method answers. Mutations are carried out only with status {@link #OK}, all in one transaction; a reply
 * of another status changes nothing.
 *
 * @param status {@link #OK} or a number of the class's own, 1 to 65535
 * @param output encoded by the method, decoded by the caller
 * @param mutations at most one for each name, in any order; always empty for a reading method
 * @param body a body to be sent along with the reply, null for none; of a reading method only
 */
public record ClassReply(int status, Bytes output, List<Mutation> mutations, BodyRange body) {
    /** The status of success. */
    public static final int OK = 0;

    /** Copies the list. */
    public ClassReply {
        Objects.requireNonNull(output, "output");
        mutations = List.copyOf(mutations);
    }

    /**
     * Bytes {@code [offset, offset + length)} of an entry's body; what lies beyond its end is left out.
     *
     * @param name the entry
     * @param offset at least 0
     * @param length at least 0
     */
    public record BodyRange(Bytes name, long offset, long length) {}

    /** Success with an answer and nothing changed. */
    public static ClassReply read(Bytes output) {
        return new ClassReply(OK, output, List.of(), null);
    }

    /** Success with an answer and (part of) a body. */
    public static ClassReply read(Bytes output, BodyRange body) {
        return new ClassReply(OK, output, List.of(), body);
    }

    /** Success with changes. */
    public static ClassReply write(Bytes output, List<Mutation> mutations) {
        return new ClassReply(OK, output, mutations, null);
    }

    /** An expected outcome that changes nothing. */
    public static ClassReply refuse(int status, Bytes output) {
        return new ClassReply(status, output, List.of(), null);
    }
}
