package io.roost.deploy;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Settings by their dotted key, each with the place it was given at, so that a mistake is told with file, line and key.
 * What is given later replaces what was given before.
 */
final class Settings {
    private static final Pattern YAML_PLACE = Pattern.compile("^ in .*, line (\\d+), column");

    private record Setting(String value, String place) {}

    private final Map<String, Setting> settings = new TreeMap<>();

    /** The settings that exist, with their defaults. */
    Settings(Map<String, String> defaults) {
        defaults.forEach((key, value) -> settings.put(key, new Setting(value, "default")));
    }

    /** Takes the settings of a YAML file. */
    Settings withFile(Path file) {
        try (JsonParser parser = new YAMLFactory().createParser(Files.newBufferedReader(file))) {
            read(file, parser);
        } catch (JacksonException malformed) {
            throw noYaml(file, malformed);
        } catch (IOException failure) {
            throw new CommandFailure(CommandFailure.COULD_NOT_RUN, "cannot read " + file + ": " + Reason.of(failure));
        }
        return this;
    }

    /** The parser tells a story over several lines: what is wrong stands before the last place that it names. */
    private CommandFailure noYaml(Path file, JacksonException malformed) {
        List<String> story = malformed.getOriginalMessage().lines().toList();
        for (int i = story.size() - 1; i > 0; i--) {
            Matcher place = YAML_PLACE.matcher(story.get(i));
            if (place.find()) {
                return wrong(file + ":" + place.group(1), "is no YAML: " + story.get(i - 1));
            }
        }
        return wrong(file.toString(), "is no YAML: " + story.get(0));
    }

    private void read(Path file, JsonParser parser) throws IOException {
        ArrayDeque<String> sections = new ArrayDeque<>();
        String place = file.toString();
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            if (token == JsonToken.FIELD_NAME || parser.currentName() == null) {
                place = file + ":" + parser.currentTokenLocation().getLineNr();
            }
            if (token == JsonToken.START_OBJECT && parser.currentName() != null) {
                String section = path(sections, parser.currentName());
                if (!isSection(section)) {
                    throw wrong(place, "no section " + section + " (there are: " + String.join(", ", sections()) + ")");
                }
                sections.addLast(parser.currentName());
            } else if (token == JsonToken.END_OBJECT && !sections.isEmpty()) {
                sections.removeLast();
            } else if (token.isScalarValue()) {
                if (parser.currentName() == null) {
                    throw wrong(place, "a value without a key");
                }
                put(path(sections, parser.currentName()), parser.getText(), place);
            } else if (token == JsonToken.START_ARRAY) {
                throw wrong(
                        place,
                        parser.currentName() == null
                                ? "sections are wanted, not a list"
                                : path(sections, parser.currentName()) + " has one value, not a list");
            }
        }
    }

    private static String path(ArrayDeque<String> sections, String name) {
        return sections.isEmpty() ? name : String.join(".", sections) + "." + name;
    }

    /** Takes the settings among environment variables: ROOST_ and the key in capitals, with underscores. */
    Settings withEnvironment(Map<String, String> environment) {
        for (String key : List.copyOf(settings.keySet())) {
            String variable =
                    "ROOST_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
            String value = environment.get(variable);
            if (value != null) {
                put(key, value, "environment variable " + variable);
            }
        }
        return this;
    }

    /** Takes one setting of the command line; null leaves it. */
    Settings with(String key, Object value, String option) {
        if (value != null) {
            put(key, value.toString(), option);
        }
        return this;
    }

    private boolean isSection(String name) {
        return settings.keySet().stream().anyMatch(key -> key.startsWith(name + "."));
    }

    private Set<String> sections() {
        Set<String> sections = new TreeSet<>();
        settings.keySet().forEach(key -> sections.add(key.substring(0, key.indexOf('.'))));
        return sections;
    }

    private void put(String key, String value, String place) {
        if (isSection(key)) {
            throw wrong(place, key + " is a section: its settings follow, one a line and indented");
        }
        if (!settings.containsKey(key)) {
            String section = key.substring(0, key.indexOf('.') + 1);
            List<String> near = settings.keySet().stream()
                    .filter(name -> name.startsWith(section))
                    .toList();
            throw wrong(place, "no setting " + key + " (there are: " + String.join(", ", near) + ")");
        }
        settings.put(key, new Setting(value, place));
    }

    /** A setting's text. */
    String text(String key) {
        return settings.get(key).value();
    }

    /** A setting that is one of the given words. */
    String oneOf(String key, String... words) {
        String value = text(key);
        if (!List.of(words).contains(value)) {
            throw wrong(key, "'" + value + "' is none of " + String.join(", ", words));
        }
        return value;
    }

    /** A setting that is a whole number in {@code [min, max]}. */
    long number(String key, long min, long max) {
        String value = text(key);
        long number;
        try {
            number = Long.parseLong(value);
        } catch (NumberFormatException malformed) {
            throw wrong(key, "'" + value + "' is no whole number");
        }
        if (number < min || number > max) {
            throw wrong(key, value + " is not between " + min + " and " + max);
        }
        return number;
    }

    /** What is wrong with a setting, with the place it was given at. */
    CommandFailure wrong(String keyOrPlace, String message) {
        Setting setting = settings.get(keyOrPlace);
        String place = setting == null ? keyOrPlace : setting.place() + ": " + keyOrPlace;
        return new CommandFailure(CommandFailure.COULD_NOT_RUN, place + ": " + message);
    }
}
