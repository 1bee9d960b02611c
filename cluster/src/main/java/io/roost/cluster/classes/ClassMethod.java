package io.roost.cluster.classes;

/** One method of an object class: a pure function of a view and an input. */
@FunctionalInterface
public interface ClassMethod {
    /**
     * Evaluates the method.
     *
     * @throws io.roost.cluster.object.MalformedBytesException when the parameters are not what the method reads; the
     *     client gets INVALID_OPERATION
     */
    ClassReply evaluate(LocatorView view, ClassInput input);
}
