package io.roost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive that {@code mvn package} makes: what is in it, and that it runs where there is no source tree. */
class PackagingIT {
    @TempDir
    private Path folder;

    private Path unpacked;

    @BeforeEach
    void unpack() throws IOException, InterruptedException {
        Path archive;
        try (Stream<Path> files = Files.list(RoostProcess.root().resolve("deploy/target"))) {
            archive = files.filter(file -> file.getFileName().toString().matches("roost-.*\\.tar\\.gz"))
                    .findFirst()
                    .orElseThrow();
        }
        Process tar = new ProcessBuilder("/bin/tar", "-xzf", archive.toString(), "-C", folder.toString())
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();
        unpacked = folder.resolve(archive.getFileName().toString().replace(".tar.gz", ""));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void holdsTheProgramItsLibrariesAndTheNativesOfTwoPlatforms() throws IOException {
        assertThat(names(unpacked)).containsExactly("LICENSE", "NOTICE", "bin", "lib");
        assertThat(names(unpacked.resolve("lib/native")))
                .containsExactly("librocksdbjni-linux-aarch64.so", "librocksdbjni-linux64.so");
        assertThat(Files.size(unpacked.resolve("lib/rocksdbjni-" + version("rocksdbjni") + ".jar")))
                .as("RocksDB's jar without natives")
                .isLessThan(2_000_000);
    }

    private String version(String library) throws IOException {
        return names(unpacked.resolve("lib")).stream()
                .filter(name -> name.startsWith(library + "-"))
                .map(name -> name.substring(library.length() + 1, name.length() - ".jar".length()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theNoticeNamesEveryLibrary() throws IOException {
        String notice = Files.readString(unpacked.resolve("NOTICE"));
        for (String name : names(unpacked.resolve("lib"))) {
            if (name.endsWith(".jar") && !name.startsWith("roost-")) {
                assertThat(notice).containsPattern("\\b" + name.replaceFirst("-\\d.*", "") + "\\b");
            }
        }
    }

    @Test
    void startsWithoutASourceTreeAndMakesItsClassDataArchive() throws IOException {
        Path cache = folder.resolve("cache");
        Map<String, String> environment = Map.of("ROOST_CACHE_DIR", cache.toString());
        Path launcher = unpacked.resolve("bin/roost");
        try (RoostProcess server = RoostProcess.start(launcher, environment, List.of("--temp"))) {
            assertThat(server.output()).contains("making the class-data archive");
            assertThat(names(cache)).singleElement().asString().matches("classes-\\d+\\.jsa");
            assertThat(server.stop()).isIn(0, 143);
        }
        try (RoostProcess server = RoostProcess.start(launcher, environment, List.of("--temp"))) {
            assertThat(server.output()).doesNotContain("making the class-data archive");
            assertThat(Files.readString(Path.of("/proc/" + server.pid() + "/maps")))
                    .contains(".jsa");
        }
    }
}
