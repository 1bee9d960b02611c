package io.roost.cluster.pg;

import io.roost.cluster.classes.ClassInput;
import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.classes.StoreMiss;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.StoreFailedException;
import java.util.Objects;

/**
 * A method of a class failed in a way that is none of its answers: a fault in its code. The request that met it is refused
 * and nothing else suffers; a request that stopped an OSD would be sent again and stop the next one.
 */
public final class ClassFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private ClassFailedException(RuntimeException fault) {
        super(fault.toString(), fault);
    }

    /**
     * Runs a method.
     *
     * @throws ClassFailedException of any failure but those that a view may throw and those by which a method refuses
     */
    static ClassReply evaluate(ObjectClass.Method method, LocatorView view, ClassInput input) {
        try {
            return Objects.requireNonNull(method.body().evaluate(view, input), "no reply");
        } catch (StoreMiss
                | MissingName
                | ChecksumException
                | StoreFailedException
                | MalformedBytesException
                | IllegalArgumentException told) {
            throw told;
        } catch (RuntimeException fault) {
            throw new ClassFailedException(fault);
        }
    }
}
