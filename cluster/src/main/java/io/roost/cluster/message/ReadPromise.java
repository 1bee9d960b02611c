package io.roost.cluster.message;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;

/**
 * What is left of a promise not to let another primary serve ({@link LeaseMessage}).
 *
 * @param holder the OSD that has it, or {@link #SOMEBODY}
 * @param millis that it lasts, from when this is received; 0 for no promise
 */
public record ReadPromise(int holder, long millis) {
    /** No promise. */
    public static final ReadPromise NONE = new ReadPromise(0, 0);

    /** A holder who is not known. */
    public static final int SOMEBODY = -1;

    /** Holder u32, milliseconds u32. */
    public void write(ByteWriter out) {
        out.u32(holder).u32((int) millis);
    }

    /** Reads {@link #write}. */
    public static ReadPromise read(ByteReader in) {
        return new ReadPromise(in.u32(), in.u32());
    }
}
