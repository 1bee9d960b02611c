package io.roost.objectstore;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** Times as S3 writes them: ISO 8601 in documents, RFC 9110 section 5.6.7 in headers. Always UTC. */
public final class S3Dates {
    private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    private S3Dates() {}

    /**
     * As documents have it: {@code 2026-01-31T17:50:30.123Z}. AWS writes zeros for the milliseconds. With them a client
     * that compares a file's time with that of its object (aws s3 sync) sees that the object is the newer one even when
     * both are of the same second.
     */
    public static String iso(long millis) {
        LocalDateTime time = utc(millis);
        StringBuilder text = new StringBuilder(24).append(time.getYear());
        two(text.append('-'), time.getMonthValue());
        two(text.append('-'), time.getDayOfMonth());
        two(text.append('T'), time.getHour());
        two(text.append(':'), time.getMinute());
        two(text.append(':'), time.getSecond());
        int fraction = (int) Math.floorMod(millis, 1000L);
        text.append('.').append((char) ('0' + fraction / 100));
        return two(text, fraction % 100).append('Z').toString();
    }

    /** As headers have it: {@code Sat, 31 Jan 2026 17:50:30 GMT}. */
    public static String http(long millis) {
        LocalDateTime time = utc(millis);
        StringBuilder text = new StringBuilder(29)
                .append(DAYS[time.getDayOfWeek().getValue() - 1])
                .append(", ");
        two(text, time.getDayOfMonth())
                .append(' ')
                .append(MONTHS[time.getMonthValue() - 1])
                .append(' ')
                .append(time.getYear());
        two(text.append(' '), time.getHour());
        two(text.append(':'), time.getMinute());
        two(text.append(':'), time.getSecond());
        return text.append(" GMT").toString();
    }

    /**
     * Milliseconds of a date in a conditional header, in RFC 1123 or ISO 8601 form; null when it is neither, which RFC
     * 9110 section 13.1.3 wants ignored.
     */
    public static Long parse(String text) {
        try {
            return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant()
                    .toEpochMilli();
        } catch (DateTimeException notRfc1123) {
            return parseIso(text);
        }
    }

    private static Long parseIso(String text) {
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeException neither) {
            return null;
        }
    }

    private static LocalDateTime utc(long millis) {
        return LocalDateTime.ofEpochSecond(Math.floorDiv(millis, 1000L), 0, ZoneOffset.UTC);
    }

    private static StringBuilder two(StringBuilder text, int number) {
        if (number < 10) {
            text.append('0');
        }
        return text.append(number);
    }
}
