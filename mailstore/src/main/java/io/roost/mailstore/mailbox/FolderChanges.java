package io.roost.mailstore.mailbox;

import java.util.List;
import java.util.Objects;

/**
 * What has changed in a folder since some MODSEQ.
 *
 * @param header of the folder, now
 * @param untilModSeq what is known with this
 * @param changed messages that came or whose flags changed, as they are now, by UID
 * @param expunged UIDs that went
 */
public record FolderChanges(FolderHeader header, long untilModSeq, List<NumberedMessage> changed, UidSet expunged) {
    /** Copies the list. */
    public FolderChanges {
        Objects.requireNonNull(header, "header");
        Objects.requireNonNull(expunged, "expunged");
        changed = List.copyOf(changed);
    }

    /** False when there is more, to be asked for from {@link #untilModSeq} on. */
    public boolean isWhole() {
        return untilModSeq >= header.log().highestModSeq();
    }
}
