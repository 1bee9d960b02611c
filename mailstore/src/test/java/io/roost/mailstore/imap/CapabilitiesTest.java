package io.roost.mailstore.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever CAPABILITY names has a test, or a transcript, that cites the RFC of it. */
class CapabilitiesTest {
    private static final Map<String, Integer> RFCS = Map.ofEntries(
            Map.entry("IMAP4rev1", 3501),
            Map.entry("IMAP4rev2", 9051),
            Map.entry("SASL-IR", 4959),
            Map.entry("AUTH=PLAIN", 4616),
            Map.entry("AUTH=SCRAM-SHA-256", 7677),
            Map.entry("AUTH=SCRAM-SHA-256-PLUS", 5802),
            Map.entry("STARTTLS", 9051),
            Map.entry("LOGINDISABLED", 9051),
            Map.entry("LITERAL+", 7888),
            Map.entry("ENABLE", 5161),
            Map.entry("ID", 2971),
            Map.entry("IDLE", 2177),
            Map.entry("NAMESPACE", 2342),
            Map.entry("UNSELECT", 3691),
            Map.entry("UIDPLUS", 4315),
            Map.entry("MOVE", 6851),
            Map.entry("MULTIAPPEND", 3502),
            Map.entry("BINARY", 3516),
            Map.entry("CHILDREN", 3348),
            Map.entry("SPECIAL-USE", 6154),
            Map.entry("CREATE-SPECIAL-USE", 6154),
            Map.entry("LIST-EXTENDED", 5258),
            Map.entry("LIST-STATUS", 5819),
            Map.entry("STATUS=SIZE", 8438),
            Map.entry("CONDSTORE", 7162),
            Map.entry("QRESYNC", 7162),
            Map.entry("ESEARCH", 4731),
            Map.entry("SEARCHRES", 5182),
            Map.entry("WITHIN", 5032),
            Map.entry("PARTIAL", 9394),
            Map.entry("SORT", 5256),
            Map.entry("SORT=DISPLAY", 5957),
            Map.entry("ESORT", 5267),
            Map.entry("REPLACE", 8508),
            Map.entry("COMPRESS=DEFLATE", 4978),
            Map.entry("OBJECTID", 8474),
            Map.entry("SAVEDATE", 8514),
            Map.entry("PREVIEW", 8970),
            Map.entry("APPENDLIMIT", 7889),
            Map.entry("QUOTA", 9208),
            Map.entry("QUOTA=RES-STORAGE", 9208),
            Map.entry("QUOTA=RES-MESSAGE", 9208));

    private static String tests() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of("src/test"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.endsWith("CapabilitiesTest.java")) {
                    all.append(Files.readString(file, StandardCharsets.UTF_8)).append('\n');
                }
            }
        }
        return all.toString();
    }

    @Test
    void everyCapabilityIsCitedByATest() throws IOException {
        List<String> named = new ArrayList<>(RFCS.keySet());
        ImapServer.CAPABILITIES.forEach(each -> named.add(each.startsWith("APPENDLIMIT=") ? "APPENDLIMIT" : each));
        String tests = tests();
        for (String capability : named) {
            assertThat(RFCS).containsKey(capability);
            assertThat(tests).as(capability).containsPattern("RFC " + RFCS.get(capability) + "\\b");
        }
    }
}
