package io.roost.cluster.crush;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import java.util.List;
import org.junit.jupiter.api.Test;

class JenkinsHashTest {
    @Test
    void nameHashEqualsEveryVector() {
        List<String> lines = Vectors.lines("namehash.tsv");
        int compared = 0;
        for (String line : lines) {
            if (line.startsWith("#")) {
                continue;
            }
            String[] fields = line.split("\t", -1);
            int hash = JenkinsHash.name(Bytes.hex(fields[0]));
            assertThat(hash).as(fields[0]).isEqualTo(Integer.parseUnsignedInt(fields[1], 16));
            compared++;
        }
        assertThat(compared).isEqualTo(69);
    }

    @Test
    void integerHashesDependOnEveryArgumentAndItsPlace() {
        assertThat(JenkinsHash.hash2(1, 2)).isNotEqualTo(JenkinsHash.hash2(2, 1));
        assertThat(JenkinsHash.hash3(1, 2, 3)).isNotEqualTo(JenkinsHash.hash3(1, 3, 2));
        assertThat(JenkinsHash.hash4(1, 2, 3, 4)).isNotEqualTo(JenkinsHash.hash4(1, 2, 4, 3));
        assertThat(JenkinsHash.hash4(-1, 2, 3, 4)).isNotEqualTo(JenkinsHash.hash4(1, 2, 3, 4));
    }
}
