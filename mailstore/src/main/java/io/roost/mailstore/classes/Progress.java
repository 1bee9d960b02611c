package io.roost.mailstore.classes;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;

/** Whether something that is done in steps needs another one. */
public enum Progress {
    /** It does. */
    MORE,
    /** Nothing is left. */
    DONE;

    /** Reads the output of a step with status OK. */
    public static Progress decode(Bytes output) {
        return new ByteReader(output).flag() ? MORE : DONE;
    }

    Bytes encode() {
        return new ByteWriter(1).flag(this == MORE).toBytes();
    }
}
