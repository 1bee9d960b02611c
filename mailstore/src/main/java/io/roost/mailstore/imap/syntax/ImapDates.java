package io.roost.mailstore.imap.syntax;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates of RFC 9051: {@code " 1-Feb-2026 10:00:00 +0100"} and {@code 1-Feb-2026}. */
final class ImapDates {
    private static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
    private static final Pattern DATE = Pattern.compile("( ?\\d|\\d\\d)-([A-Za-z]{3})-(\\d{4})");
    private static final Pattern DATE_TIME =
            Pattern.compile(DATE.pattern() + " (\\d\\d):(\\d\\d):(\\d\\d) ([+-])(\\d\\d)(\\d\\d)");
    private static final int DATE_GROUPS = 3;
    private static final int LEAP_SECOND = 60;

    private ImapDates() {}

    static LocalDate date(String text) {
        Matcher matcher = DATE.matcher(text);
        if (!matcher.matches()) {
            throw new SyntaxException("Invalid date");
        }
        try {
            return date(matcher);
        } catch (DateTimeException invalid) {
            throw new SyntaxException("Invalid date");
        }
    }

    private static LocalDate date(Matcher matcher) {
        String month = matcher.group(2);
        String written = month.substring(0, 1).toUpperCase(Locale.ROOT)
                + month.substring(1).toLowerCase(Locale.ROOT);
        return LocalDate.of(number(matcher, DATE_GROUPS), MONTHS.indexOf(written) + 1, number(matcher, 1));
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group).trim());
    }

    static OffsetDateTime dateTime(String text) {
        Matcher matcher = DATE_TIME.matcher(text);
        if (!matcher.matches()) {
            throw new SyntaxException("Invalid date and time");
        }
        try {
            int sign = matcher.group(DATE_GROUPS + 4).equals("-") ? -1 : 1;
            ZoneOffset zone = ZoneOffset.ofHoursMinutes(
                    sign * number(matcher, DATE_GROUPS + 5), sign * number(matcher, DATE_GROUPS + 6));
            int second = number(matcher, DATE_GROUPS + 3);
            LocalTime time = LocalTime.of(
                    number(matcher, DATE_GROUPS + 1),
                    number(matcher, DATE_GROUPS + 2),
                    second == LEAP_SECOND ? second - 1 : second);
            return OffsetDateTime.of(date(matcher), time, zone);
        } catch (DateTimeException invalid) {
            throw new SyntaxException("Invalid date and time");
        }
    }

    /** As {@code date-time} without its quotes; whole minutes of the zone. */
    static String format(OffsetDateTime time) {
        int zone = time.getOffset().getTotalSeconds() / 60;
        return String.format(
                Locale.ROOT,
                "%2d-%s-%04d %02d:%02d:%02d %s%02d%02d",
                time.getDayOfMonth(),
                MONTHS.get(time.getMonthValue() - 1),
                time.getYear(),
                time.getHour(),
                time.getMinute(),
                time.getSecond(),
                zone < 0 ? "-" : "+",
                Math.abs(zone) / 60,
                Math.abs(zone) % 60);
    }

    /** As {@code date}. */
    static String format(LocalDate day) {
        return String.format(
                Locale.ROOT, "%d-%s-%04d", day.getDayOfMonth(), MONTHS.get(day.getMonthValue() - 1), day.getYear());
    }
}
