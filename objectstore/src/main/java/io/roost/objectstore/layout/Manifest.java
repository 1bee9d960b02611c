package io.roost.objectstore.layout;

import io.roost.cluster.object.Bytes;
import java.util.Objects;

/** Where the bytes of an object version are. */
public sealed interface Manifest {
    /** The bytes are the body of the head's own entry. */
    static Manifest inline() {
        return new Inline();
    }

    /** In the body of the head's entry. */
    record Inline() implements Manifest {}

    /**
     * In one stripe set.
     *
     * @param set the set; its size is the object's
     */
    record Striped(StripeSet set) implements Manifest {
        /** Checks that nothing is null. */
        public Striped {
            Objects.requireNonNull(set, "set");
        }
    }

    /**
     * In the parts of a completed multipart upload: their rows ({@link PartPage}) say where; {@link ObjectMetadata#parts}
     * lists their numbers and sizes.
     *
     * @param uploadId 16 bytes
     */
    record Parts(Bytes uploadId) implements Manifest {
        /** Checks the length. */
        public Parts {
            EntryNames.checkId(uploadId);
        }
    }

    /** Id of the reference row: of the stripe set or of the upload; null when the bytes are inline. */
    default Bytes referenceId() {
        if (this instanceof Striped striped) {
            return striped.set().id();
        }
        return this instanceof Parts parts ? parts.uploadId() : null;
    }
}
