package io.roost.cluster.pg;

import io.roost.cluster.classes.ClassInput;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.message.OsdMessage;

/** A writing operation that is being evaluated, or waits for its turn or for its transaction. */
final class Write {
    final long session;
    final OsdMessage.Operation operation;
    final ObjectClass.Method method;
    int evaluations;

    Write(long session, OsdMessage.Operation operation, ObjectClass.Method method) {
        this.session = session;
        this.operation = operation;
        this.method = method;
    }

    /** What the method is called with. */
    ClassInput input() {
        return new ClassInput(operation.request(), operation.parameters(), operation.data());
    }
}
