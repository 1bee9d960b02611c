package io.roost.mailstore.transfer;

import io.roost.mailstore.imap.syntax.ModifiedUtf7;
import io.roost.mailstore.mailbox.FolderTree;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Names of folders in a Maildir, as Maildir++ and Dovecot have them: one folder each beside INBOX, {@code .Archive.2026} for
 * Archive/2026, in modified UTF-7. A dot in a name is {@code \2e}, as with Dovecot's plugin listescape.
 */
final class MaildirNames {
    private static final String BACKSLASH = "\\5c";
    private static final String DOT = "\\2e";

    private MaildirNames() {}

    /** The path of a folder's name. */
    static String path(String folder) {
        return Arrays.stream(folder.substring(1).split("\\.", -1))
                .map(MaildirNames::decoded)
                .collect(Collectors.joining(FolderTree.DELIMITER));
    }

    private static String decoded(String name) {
        String decoded = ModifiedUtf7.decode(name);
        return (decoded == null ? name : decoded).replace(DOT, ".").replace(BACKSLASH, "\\");
    }

    /** The name of a path's folder; that of INBOX is the Maildir itself. */
    static String folder(String path) {
        return path.equals(FolderTree.INBOX) ? "" : "." + levels(path, ".");
    }

    /** The names of a path with something between them. */
    static String levels(String path, String delimiter) {
        return Arrays.stream(path.split(FolderTree.DELIMITER, -1))
                .map(name -> ModifiedUtf7.encode(name.replace("\\", BACKSLASH).replace(".", DOT)))
                .collect(Collectors.joining(delimiter));
    }
}
