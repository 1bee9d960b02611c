package io.roost.mailstore.search;

import io.roost.mailstore.imap.syntax.MessageSet;
import io.roost.mailstore.imap.syntax.Numbering;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.UidSet;
import java.nio.charset.Charset;
import java.util.Objects;

/**
 * What conditions refer to.
 *
 * @param header of the folder, for its keywords
 * @param sets what the client's sets mean
 * @param charset of its strings
 * @param nowMillis for YOUNGER and OLDER
 */
public record SearchScope(FolderHeader header, Sets sets, Charset charset, long nowMillis) {
    /** Checks that nothing is null. */
    public SearchScope {
        Objects.requireNonNull(header, "header");
        Objects.requireNonNull(sets, "sets");
        Objects.requireNonNull(charset, "charset");
    }

    /** What a client's sets mean. */
    @FunctionalInterface
    public interface Sets {
        /** The UIDs of a set. */
        UidSet uids(MessageSet set, Numbering numbering);
    }
}
