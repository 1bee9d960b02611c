package io.roost.mailstore.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.junit.jupiter.api.Test;

/** The scanner finds what Apache James mime4j finds. */
class MimeOracleTest {
    private static final MimeConfig CONFIG = MimeConfig.PERMISSIVE;

    /** Parts in order: their types, and the bytes of those that hold no others. */
    private static List<String> byMime4j(byte[] message) throws MimeException, IOException {
        MimeTokenStream stream = new MimeTokenStream(CONFIG);
        stream.parse(new ByteArrayInputStream(message));
        List<String> parts = new ArrayList<>();
        for (EntityState state = stream.getState(); state != EntityState.T_END_OF_STREAM; state = stream.next()) {
            if (state == EntityState.T_BODY) {
                String body = new String(stream.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
                parts.add(stream.getBodyDescriptor().getMimeType() + " " + body);
            } else if (state == EntityState.T_START_MULTIPART) {
                parts.add(stream.getBodyDescriptor().getMimeType());
            } else if (state == EntityState.T_START_MESSAGE) {
                parts.add("message");
            }
        }
        return parts;
    }

    private static void byScanner(byte[] message, MimePart part, List<String> parts) {
        if (part.envelope() != null) {
            parts.add("message");
        }
        ContentType type = part.type();
        if (part.isMessage()) {
            byScanner(message, part.children().get(0), parts);
        } else if (type.isMultipart()) {
            parts.add(type.type() + "/" + type.subtype());
            part.children().forEach(child -> byScanner(message, child, parts));
        } else {
            String body = new String(
                    message, (int) part.body().begin(), (int) part.body().length(), StandardCharsets.ISO_8859_1);
            parts.add(type.type() + "/" + type.subtype() + " " + body);
        }
    }

    @Test
    void partsAreThoseOfMime4j() throws MimeException, IOException {
        for (int seed = 0; seed < 2_000; seed++) {
            byte[] message = RandomMessages.message(new Random(seed)).getBytes(StandardCharsets.ISO_8859_1);
            List<String> parts = new ArrayList<>();
            byScanner(message, MimeScanner.scan(message), parts);
            assertThat(parts).as("seed %d", seed).isEqualTo(byMime4j(message));
        }
    }
}
