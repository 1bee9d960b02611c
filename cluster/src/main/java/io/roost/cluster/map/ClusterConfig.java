package io.roost.cluster.map;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One version of the cluster-wide settings. A section is {@code global}, a kind of daemon ({@code osd}), or one daemon
 * ({@code osd.3}); the most specific that names a setting wins.
 *
 * @param version 1 for the first
 * @param sections section → setting → value
 */
public record ClusterConfig(long version, SortedMap<String, SortedMap<String, String>> sections) {
    /** The section that holds for everyone. */
    public static final String GLOBAL = "global";
    /** Longest section, setting or value, in characters. */
    public static final int MAX_TEXT_LENGTH = 4096;

    /** Copies the sections, dropping empty ones, and checks the lengths. */
    public ClusterConfig {
        TreeMap<String, SortedMap<String, String>> copy = new TreeMap<>();
        sections.forEach((section, settings) -> {
            if (!settings.isEmpty()) {
                checkText(section);
                settings.forEach((setting, value) -> {
                    checkText(setting);
                    if (value.length() > MAX_TEXT_LENGTH) {
                        throw new IllegalArgumentException("a value of " + value.length() + " characters");
                    }
                });
                copy.put(section, Collections.unmodifiableSortedMap(new TreeMap<>(settings)));
            }
        });
        sections = Collections.unmodifiableSortedMap(copy);
        if (version < 1) {
            throw new IllegalArgumentException("version " + version);
        }
    }

    private static void checkText(String text) {
        if (text.isEmpty() || text.length() > MAX_TEXT_LENGTH) {
            throw new IllegalArgumentException("a section or setting of " + text.length() + " characters");
        }
    }

    /**
     * The value of a setting for a daemon.
     *
     * @param kind as {@code osd}
     * @param id as {@code 3}
     * @param setting its name
     */
    public Optional<String> value(String kind, String id, String setting) {
        for (String section : new String[] {kind + "." + id, kind, GLOBAL}) {
            SortedMap<String, String> settings = sections.get(section);
            if (settings != null && settings.containsKey(setting)) {
                return Optional.of(settings.get(setting));
            }
        }
        return Optional.empty();
    }

    /** The next version, with a setting changed; an empty value removes it. */
    public ClusterConfig with(String section, String setting, Optional<String> value) {
        TreeMap<String, SortedMap<String, String>> changed = new TreeMap<>(sections);
        TreeMap<String, String> settings = new TreeMap<>(sections.getOrDefault(section, Collections.emptySortedMap()));
        value.ifPresentOrElse(text -> settings.put(setting, text), () -> settings.remove(setting));
        changed.put(section, settings);
        return new ClusterConfig(version + 1, changed);
    }
}
