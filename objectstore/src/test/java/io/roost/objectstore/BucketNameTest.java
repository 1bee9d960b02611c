package io.roost.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"abc", "a-b", "a.b.c", "1.2.3", "my-bucket-2026", "0ab", "1.2.3.4a"})
    void namesThatFollowTheRulesAreAllowed(String name) {
        assertThat(BucketName.isAllowed(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ab",
                "Abc",
                "a_b",
                "-abc",
                "abc-",
                ".abc",
                "abc.",
                "a..b",
                "192.168.5.4",
                "xn--abc",
                "sthree-x",
                "x-s3alias",
                "a b",
                "a/b",
                ""
            })
    void namesThatBreakARuleAreNot(String name) {
        assertThat(BucketName.isAllowed(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {63, 64})
    void sixtyThreeCharactersAreTheMost(int length) {
        assertThat(BucketName.isAllowed("a".repeat(length))).isEqualTo(length == 63);
    }
}
