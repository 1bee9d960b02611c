package io.roost.cluster.sim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What clients asked for and were told, on registers that have names. */
public final class History {
    /** Never: the client was not told. */
    static final long NEVER = Long.MAX_VALUE;

    private final Map<String, List<Operation>> operations = new LinkedHashMap<>();

    /** What was asked for. */
    public enum Kind {
        /** The register's value. */
        READ,
        /** Another value. */
        WRITE
    }

    /** One operation of one client, on one register. */
    public static final class Operation {
        private final Kind kind;
        private final String register;
        private final long calledMicros;
        private String value;
        private long returnedMicros = NEVER;

        private Operation(Kind kind, String register, String value, long calledMicros) {
            this.kind = kind;
            this.register = register;
            this.value = value;
            this.calledMicros = calledMicros;
        }

        Kind kind() {
            return kind;
        }

        String value() {
            return value;
        }

        long calledMicros() {
            return calledMicros;
        }

        long returnedMicros() {
            return returnedMicros;
        }

        @Override
        public String toString() {
            String end = returnedMicros == NEVER ? "?" : String.valueOf(returnedMicros / 1e6);
            return kind + " " + register + " " + value + " " + calledMicros / 1e6 + " - " + end;
        }
    }

    /** A read begins. */
    public Operation read(String register, long micros) {
        return add(new Operation(Kind.READ, register, null, micros));
    }

    /** A write begins; values that differ make wrong reads visible. Null for no value any more. */
    public Operation write(String register, String value, long micros) {
        return add(new Operation(Kind.WRITE, register, value, micros));
    }

    private Operation add(Operation operation) {
        operations.computeIfAbsent(operation.register, r -> new ArrayList<>()).add(operation);
        return operation;
    }

    /**
     * The client is told that a read has this value, null for none, or that a write is done.
     *
     * @param value of a read
     */
    public void finished(Operation operation, String value, long micros) {
        if (operation.kind == Kind.READ) {
            operation.value = value;
        }
        operation.returnedMicros = micros;
    }

    /** The client is told that it has not been done, and never will be. */
    public void refused(Operation operation) {
        operations.get(operation.register).remove(operation);
    }

    /** Register → its operations in the order they began; reads nobody was told the result of are left out. */
    public Map<String, List<Operation>> byRegister() {
        Map<String, List<Operation>> told = new LinkedHashMap<>();
        operations.forEach((register, all) -> told.put(
                register,
                all.stream()
                        .filter(operation -> operation.kind == Kind.WRITE || operation.returnedMicros != NEVER)
                        .toList()));
        return told;
    }
}
