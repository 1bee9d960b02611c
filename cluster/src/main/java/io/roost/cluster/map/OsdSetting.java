package io.roost.cluster.map;

import java.util.Optional;

/**
 * What the cluster's configuration says of OSDs while they run: in section {@code osd}, {@code osd.N} or {@code global} what
 * they follow themselves, in {@code mon} or {@code global} what monitors do with them. Names and meanings are Ceph's. All are
 * whole numbers.
 */
public enum OsdSetting {
    /** Turns that an OSD gives at a time for what is recovered or filled from it, and as many for what is at it. */
    MAX_BACKFILLS(
            "osd_max_backfills",
            3,
            1,
            64,
            "placement groups that are recovered or filled at a time from an OSD, and as many at it"),
    /** Seconds after which the copies of a placement group are compared again. */
    SCRUB_MIN_INTERVAL(
            "osd_scrub_min_interval",
            86_400,
            1,
            Limits.MAX_SECONDS,
            "seconds after which copies are compared again; up to half as long again, so that not all are at once"),
    /** Seconds after which somebody should see why they are not. */
    SCRUB_MAX_INTERVAL(
            "osd_scrub_max_interval",
            7 * 86_400L,
            1,
            Limits.MAX_SECONDS,
            "seconds after which copies that were not compared are too old; health warns after half as long again"),
    /** Seconds after which copies are read in full again. */
    DEEP_SCRUB_INTERVAL(
            "osd_deep_scrub_interval",
            7 * 86_400L,
            1,
            Limits.MAX_SECONDS,
            "seconds after which copies are read in full again; health warns after three quarters as long again"),
    /** Seconds after which monitors mark out an OSD that is down. */
    DOWN_OUT_INTERVAL(
            "mon_osd_down_out_interval",
            600,
            1,
            Limits.MAX_SECONDS,
            "seconds after which an OSD that is down gets no data any more, and its replicas are made elsewhere");

    /** What enum constants can refer to. */
    private static final class Limits {
        private static final long MAX_SECONDS = 10 * 366 * 86_400L;
    }

    private final String text;
    private final long fallback;
    private final long least;
    private final long most;
    private final String meaning;

    OsdSetting(String text, long fallback, long least, long most, String meaning) {
        this.text = text;
        this.fallback = fallback;
        this.least = least;
        this.most = most;
        this.meaning = meaning;
    }

    /** Its name. */
    public String text() {
        return text;
    }

    /** Who follows it: {@code osd} or {@code mon}. */
    public String kind() {
        return text.substring(0, text.indexOf('_'));
    }

    /** What holds when nothing is said. */
    public long fallback() {
        return fallback;
    }

    /** What it says, for a person. */
    public String meaning() {
        return meaning;
    }

    /** The one of a name; empty when there is none. */
    public static Optional<OsdSetting> of(String text) {
        for (OsdSetting setting : values()) {
            if (setting.text.equals(text)) {
                return Optional.of(setting);
            }
        }
        return Optional.empty();
    }

    /**
     * A value as an administrator writes it.
     *
     * @throws IllegalArgumentException when it is none of this setting
     */
    public long parse(String value) {
        long number = value.matches("[0-9]{1,18}") ? Long.parseLong(value) : -1;
        if (number < least || number > most) {
            throw new IllegalArgumentException(
                    text + " is a whole number from " + least + " to " + most + ", not '" + value + "'");
        }
        return number;
    }

    /** What holds for all of whom nothing else is said; what is no value of this setting is not followed. */
    public long in(ClusterConfig config) {
        try {
            return config.value(kind(), "", text).map(this::parse).orElse(fallback);
        } catch (IllegalArgumentException notFollowed) {
            return fallback;
        }
    }

    /**
     * What holds for an OSD.
     *
     * @throws IllegalArgumentException when what is configured is no value of this setting
     */
    public long in(ClusterConfig config, int osd) {
        return config.value("osd", Integer.toString(osd), text).map(this::parse).orElse(fallback);
    }
}
