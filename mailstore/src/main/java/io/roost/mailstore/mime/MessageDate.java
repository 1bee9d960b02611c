package io.roost.mailstore.mime;

import io.roost.cluster.object.Bytes;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/** The Date field (RFC 5322 3.3 and 4.3). */
public final class MessageDate {
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final int LEAP_SECOND = 60;

    private MessageDate() {}

    /** The time that a field tells, or null when it is none. */
    public static OffsetDateTime parse(Bytes value) {
        HeaderLexer in = new HeaderLexer(value);
        try {
            return parse(in);
        } catch (NumberFormatException | DateTimeException malformed) {
            return null;
        }
    }

    private static OffsetDateTime parse(HeaderLexer in) {
        in.skipSpace();
        String first = in.run(",(:");
        in.skipSpace();
        if (in.take(',') || !isDigits(first)) {
            // The day of the week, which is not looked at.
            first = word(in);
        }
        int day = Integer.parseInt(first);
        String month = word(in).toLowerCase(Locale.ROOT);
        int monthNumber = month.length() < 3 ? 0 : MONTHS.indexOf(month.substring(0, 3)) + 1;
        int year = year(word(in));
        in.skipSpace();
        int hour = Integer.parseInt(in.run(":(."));
        int minute = timePart(in);
        int second = timePart(in);
        String zone = word(in);
        return OffsetDateTime.of(
                LocalDateTime.of(year, monthNumber, day, hour, minute, second == LEAP_SECOND ? second - 1 : second),
                zone(zone));
    }

    private static String word(HeaderLexer in) {
        in.skipSpace();
        return in.run(",(");
    }

    private static boolean isDigits(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** RFC 5322 4.3: two digits are of 1950 to 2049, three count from 1900. */
    private static int year(String text) {
        int year = Integer.parseInt(text);
        if (text.length() == 2) {
            return year < 50 ? 2000 + year : 1900 + year;
        }
        return text.length() == 3 ? 1900 + year : year;
    }

    private static int timePart(HeaderLexer in) {
        in.skipSpace();
        if (!in.take(':')) {
            return 0;
        }
        in.skipSpace();
        return Integer.parseInt(in.run(":(."));
    }

    private static ZoneOffset zone(String text) {
        if (text.length() == 5 && (text.charAt(0) == '+' || text.charAt(0) == '-') && isDigits(text.substring(1))) {
            int sign = text.charAt(0) == '-' ? -1 : 1;
            return ZoneOffset.ofHoursMinutes(
                    sign * Integer.parseInt(text.substring(1, 3)), sign * Integer.parseInt(text.substring(3)));
        }
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "EDT" -> ZoneOffset.ofHours(-4);
            case "EST", "CDT" -> ZoneOffset.ofHours(-5);
            case "CST", "MDT" -> ZoneOffset.ofHours(-6);
            case "MST", "PDT" -> ZoneOffset.ofHours(-7);
            case "PST" -> ZoneOffset.ofHours(-8);
            default -> ZoneOffset.UTC;
        };
    }
}
