package io.roost.mailstore.mailbox;

/**
 * The number of a folder within its account: never given twice, so that rows of a deleted folder are never taken for those
 * of a new one.
 *
 * @param value 1 and more; 1 is INBOX
 */
public record FolderNumber(int value) {
    /** INBOX, which every account has from its beginning. */
    public static final FolderNumber INBOX = new FolderNumber(1);

    /** Checks the range. */
    public FolderNumber {
        if (value < 1) {
            throw new IllegalArgumentException("folder number " + value);
        }
    }
}
