package io.roost.cluster.store;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;

/** What the disk gives back is not what was written. Says what is damaged; its bytes are never sent. */
public final class ChecksumException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Locator locator;
    private final transient Bytes name;

    /** What is damaged, as far as it is known. */
    public ChecksumException(String message) {
        this(message, null);
    }

    /** What is damaged, and how that was noticed. */
    public ChecksumException(String message, Throwable cause) {
        this(message, null, null, cause);
    }

    /**
     * Which entry is damaged, and how that was noticed.
     *
     * @param locator of the entry; null when it is not known
     * @param name of the entry; null when it is not known, or more than one entry of the locator may be damaged
     */
    public ChecksumException(String message, Locator locator, Bytes name, Throwable cause) {
        super(message, cause);
        this.locator = locator;
        this.name = name;
    }

    /** The locator whose entry is damaged, or null when it is not known. */
    public Locator locator() {
        return locator;
    }

    /** The name of the damaged entry, or null when it is not known. */
    public Bytes name() {
        return name;
    }
}
