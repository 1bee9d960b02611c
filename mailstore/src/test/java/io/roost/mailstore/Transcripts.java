package io.roost.mailstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * Golden transcripts: text files in {@code src/test/resources/transcripts}. Lines that begin with {@code C} (what the
 * client sends), {@code A} (what the session's owner answers), {@code O} (settings) or {@code #} (comments) are the
 * input; the other lines are what happened, and must be the same as in the file. {@code -Droost.transcripts=write}
 * rewrites the files, to be reviewed as a diff.
 */
public final class Transcripts {
    private static final Path ROOT = Path.of("src/test/resources/transcripts");

    private Transcripts() {}

    /** One line of input. */
    public record Input(String kind, String text) {}

    /** The names of the files of a folder. */
    public static List<String> names(String folder) {
        try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Plays a file.
     *
     * @param play from the settings in the file's head and its inputs to the lines of output after each
     */
    public static void check(
            String folder, String name, BiFunction<List<String>, List<Input>, List<List<String>>> play) {
        Path file = ROOT.resolve(folder).resolve(name);
        String golden;
        try {
            golden = Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        List<String> settings = new ArrayList<>();
        List<String> head = new ArrayList<>();
        List<Input> inputs = new ArrayList<>();
        for (String line : golden.split("\n", -1)) {
            if (line.startsWith("O: ")) {
                settings.add(line.substring(3));
                head.add(line);
            } else if (line.startsWith("C: ")
                    || line.startsWith("C+ ")
                    || line.startsWith("A: ")
                    || line.startsWith("#")) {
                inputs.add(new Input(
                        line.startsWith("#") ? "#" : line.substring(0, 2),
                        line.substring(line.startsWith("#") ? 1 : 3)));
            }
        }
        List<List<String>> outputs = play.apply(settings, inputs);
        List<String> played = new ArrayList<>(head);
        played.addAll(outputs.get(0));
        for (int i = 0; i < inputs.size(); i++) {
            Input input = inputs.get(i);
            played.add(input.kind() + (input.kind().equals("#") ? "" : " ") + input.text());
            played.addAll(outputs.get(i + 1));
        }
        String text = String.join("\n", played) + "\n";
        if ("write".equals(System.getProperty("roost.transcripts"))) {
            try {
                Files.writeString(file, text);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            return;
        }
        assertThat(text).as("transcript %s/%s", folder, name).isEqualTo(golden);
    }

    /** A text with the escapes {@code \r \n \0 \\}. */
    public static String unescaped(String text) {
        StringBuilder plain = new StringBuilder();
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c != '\\') {
                plain.append(c);
                continue;
            }
            plain.append(
                    switch (text.charAt(++at)) {
                        case 'r' -> '\r';
                        case 'n' -> '\n';
                        case '0' -> '\0';
                        default -> text.charAt(at);
                    });
        }
        return plain.toString();
    }

    /** The contrary of {@link #unescaped}. */
    public static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\r", "\\r")
                .replace("\n", "\\n")
                .replace("\0", "\\0");
    }
}
