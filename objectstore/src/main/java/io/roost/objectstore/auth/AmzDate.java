package io.roost.objectstore.auth;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/**
 * The time of a request.
 *
 * @param basic as it is signed: {@code yyyyMMdd'T'HHmmss'Z'}
 * @param millis the same in milliseconds since 1970
 */
record AmzDate(String basic, long millis) {
    /** How far the clocks of client and gateway may be apart: 15 minutes, as AWS has it. */
    static final long MAX_SKEW_MILLIS = 15 * 60 * 1000L;

    private static final int BASIC_LENGTH = 16;

    /** Reads {@code yyyyMMdd'T'HHmmss'Z'}; null when it is not of that form. */
    static AmzDate ofBasic(String text) {
        if (text.length() != BASIC_LENGTH || text.charAt(8) != 'T' || text.charAt(15) != 'Z') {
            return null;
        }
        int date = number(text, 0, 8);
        int time = number(text, 9, 15);
        if (date < 0 || time < 0) {
            return null;
        }
        try {
            LocalDateTime at = LocalDateTime.of(
                    date / 10_000, date / 100 % 100, date % 100, time / 10_000, time / 100 % 100, time % 100);
            return new AmzDate(text, at.toEpochSecond(ZoneOffset.UTC) * 1000);
        } catch (DateTimeException noSuchDay) {
            return null;
        }
    }

    /** Reads a Date header: RFC 1123 form, or the basic one that some clients put there; null when it is neither. */
    static AmzDate ofHttp(String text) {
        AmzDate basic = ofBasic(text);
        if (basic != null) {
            return basic;
        }
        try {
            Instant at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return new AmzDate(basicOf(at), at.toEpochMilli());
        } catch (DateTimeParseException neither) {
            return null;
        }
    }

    /** Whether eight digits are a day of the calendar. */
    static boolean isDay(String text) {
        return ofBasic(text + "T000000Z") != null;
    }

    /** {@code 2013-05-24T00:00:00Z}, as error documents show times. */
    static String shown(long millis) {
        return Instant.ofEpochSecond(Math.floorDiv(millis, 1000L)).toString();
    }

    /** The eight digits of the day. */
    String day() {
        return basic.substring(0, 8);
    }

    private static String basicOf(Instant at) {
        return DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
                .withZone(ZoneOffset.UTC)
                .format(at);
    }

    private static int number(String text, int begin, int end) {
        int value = 0;
        for (int i = begin; i < end; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = 10 * value + digit;
        }
        return value;
    }
}
