package io.roost.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PercentCodingTest {
    @Test
    void everyByteButUnreservedOnesAndSlashesIsEncoded() {
        assertThat(PercentCoding.encode(Bytes.utf8("a/B-9_.~ +%é(")).utf8()).isEqualTo("a/B-9_.~%20%2B%25%C3%A9%28");
    }

    @Test
    void encodedTextDecodesToItself() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            Bytes text = Bytes.utf8(random.ints(random.nextInt(20), 0, 0x800)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString());
            String encoded = PercentCoding.encode(text).utf8();
            for (PercentCoding.Plus plus : PercentCoding.Plus.values()) {
                assertThat(PercentCoding.decode(encoded, 0, encoded.length(), plus))
                        .as("seed %d", seed)
                        .isEqualTo(text);
            }
        }
    }

    @Test
    void queryParametersKeepOrderAndReadPlusAsSpace() {
        QueryParameters query = QueryParameters.parse("prefix=a+b%2B&uploads&&x==1&prefix=2");
        assertThat(query.names()).containsExactly("prefix", "uploads", "x", "prefix");
        assertThat(query.text("prefix")).isEqualTo("a b+");
        assertThat(query.text("uploads")).isEmpty();
        assertThat(query.text("x")).isEqualTo("=1");
        assertThat(query.text("absent")).isNull();
    }
}
