package io.roost.objectstore.classes;

import io.roost.cluster.classes.ClassMethod;
import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.MalformedBytesException;
import java.util.function.Function;

/**
 * A class method over decoded parameters.
 *
 * @param <P> the parameters
 */
@FunctionalInterface
interface TypedMethod<P> {
    /** Evaluates the method. */
    ClassReply evaluate(LocatorView view, P parameters, Data data);

    /** The method over encoded parameters. */
    static <P> ClassMethod decoding(Function<ByteReader, P> decoder, TypedMethod<P> method) {
        return (view, input) -> method.evaluate(view, decode(decoder, input.parameters()), input.data());
    }

    /** Decodes parameters; what breaks a record's own rules is malformed too. */
    private static <P> P decode(Function<ByteReader, P> decoder, Bytes parameters) {
        try {
            return decoder.apply(new ByteReader(parameters));
        } catch (IllegalArgumentException e) {
            throw new MalformedBytesException(e.getMessage());
        }
    }
}
