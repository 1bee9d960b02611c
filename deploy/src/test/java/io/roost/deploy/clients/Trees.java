package io.roost.deploy.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Folders of files to store and to compare. */
final class Trees {
    /** Names that clients and servers have stumbled over. */
    static final List<String> ODD_NAMES = List.of(
            "plain",
            "with space",
            " leading space",
            "trailing space ",
            "plus+plus",
            "100%",
            "%41%2F",
            "a&b<c>d",
            "quote'double\"",
            "hash#question?",
            "semi;colon:at@",
            "equals=and,comma",
            "tilde~star*bar|",
            "[brackets]{braces}",
            "dollar$paren(s)!",
            "caret^grave`",
            "umlaut-äöü",
            "composed-e\u0301",
            "漢字",
            "emoji-😀",
            "rtl-שלום",
            ".hidden",
            "dots..in..it",
            "trailing.",
            "-dash",
            "UPPER",
            "upper");

    private Trees() {}

    /** Random bytes. */
    static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** A file of random bytes. */
    static Path file(Path path, long seed, int length) throws IOException {
        Files.createDirectories(path.getParent());
        return Files.write(path, bytes(seed, length));
    }

    /** Fills a folder with files of odd names in odd folders, and plain ones until there are so many. */
    static void fill(Path folder, long seed, int files) throws IOException {
        Random random = new Random(seed);
        int written = 0;
        for (String name : ODD_NAMES) {
            file(folder.resolve(name), random.nextLong(), random.nextInt(3000));
            file(folder.resolve("dir " + written).resolve(name + "-dir").resolve(name), random.nextLong(), 10);
            written += 2;
        }
        while (written < files) {
            Path path = folder.resolve("d" + written % 7)
                    .resolve("e" + written % 13)
                    .resolve("f" + written);
            file(path, random.nextLong(), random.nextInt(5000));
            written++;
        }
    }

    /** Each file's path, relative to the folder, and its bytes. */
    static SortedMap<String, byte[]> content(Path folder) throws IOException {
        SortedMap<String, byte[]> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile).forEach(file -> content.put(name(folder, file), read(file)));
        }
        return content;
    }

    private static String name(Path folder, Path file) {
        return folder.relativize(file).toString();
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Both folders hold the same files with the same bytes. */
    static void assertEqual(Path actual, Path expected) throws IOException {
        SortedMap<String, byte[]> one = content(actual);
        SortedMap<String, byte[]> other = content(expected);
        assertThat(one.keySet()).isEqualTo(other.keySet());
        one.forEach((name, bytes) -> assertThat(bytes).as(name).isEqualTo(other.get(name)));
    }
}
