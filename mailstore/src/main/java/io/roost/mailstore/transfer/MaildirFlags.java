package io.roost.mailstore.transfer;

import io.roost.mailstore.mailbox.MailFlags;
import java.util.ArrayList;
import java.util.List;

/**
 * Flags in the names of a Maildir's files: after {@code :2,} a letter for each, in their order; those in lower case are
 * keywords, by their number in {@code dovecot-keywords}.
 *
 * @param system bits of {@link MailFlags}
 * @param keywords by name
 */
record MaildirFlags(int system, List<String> keywords) {
    /** Keywords that have a letter. */
    static final int MAX_KEYWORDS = 26;

    private static final String FORWARDED = "$Forwarded";
    private static final String MARK = ":2,";

    MaildirFlags {
        keywords = List.copyOf(keywords);
    }

    /** The name of a file without its flags. */
    static String base(String file) {
        int mark = file.indexOf(':');
        return mark < 0 ? file : file.substring(0, mark);
    }

    /** Reads those of a file's name. */
    static MaildirFlags of(String file, List<String> dictionary) {
        int mark = file.indexOf(MARK);
        int system = 0;
        List<String> keywords = new ArrayList<>();
        for (char letter : (mark < 0 ? "" : file.substring(mark + MARK.length())).toCharArray()) {
            switch (letter) {
                case 'D' -> system |= MailFlags.DRAFT;
                case 'F' -> system |= MailFlags.FLAGGED;
                case 'R' -> system |= MailFlags.ANSWERED;
                case 'S' -> system |= MailFlags.SEEN;
                case 'T' -> system |= MailFlags.DELETED;
                case 'P' -> keywords.add(FORWARDED);
                default -> {
                    int number = letter - 'a';
                    if (number >= 0 && number < dictionary.size()) {
                        keywords.add(dictionary.get(number));
                    }
                }
            }
        }
        return new MaildirFlags(system, keywords);
    }

    /** As they stand in a file's name. */
    String suffix(List<String> dictionary) {
        StringBuilder text = new StringBuilder(MARK);
        append(text, 'D', MailFlags.DRAFT);
        append(text, 'F', MailFlags.FLAGGED);
        append(text, 'R', MailFlags.ANSWERED);
        append(text, 'S', MailFlags.SEEN);
        append(text, 'T', MailFlags.DELETED);
        for (int number = 0; number < Math.min(dictionary.size(), MAX_KEYWORDS); number++) {
            if (keywords.contains(dictionary.get(number))) {
                text.append((char) ('a' + number));
            }
        }
        return text.toString();
    }

    private void append(StringBuilder text, char letter, int flag) {
        if ((system & flag) != 0) {
            text.append(letter);
        }
    }
}
