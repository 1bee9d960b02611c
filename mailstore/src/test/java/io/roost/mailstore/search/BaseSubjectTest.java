package io.roost.mailstore.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 5256 2.1 and the grammar of its section 5. */
class BaseSubjectTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "Hello|Hello",
                "Re: Hello|Hello",
                "RE : Hello|Hello",
                "fw: Fwd: re: Hello|Hello",
                "Re[2]: Hello|Hello",
                "[list] Re: [list] Hello|Hello",
                "[list] Hello|Hello",
                "[a] [b] Hello|Hello",
                "Hello (fwd)|Hello",
                "Hello (FWD) (fwd) |Hello",
                "[Fwd: Hello]|Hello",
                "Re: [Fwd: Re: Hello (fwd)] (fwd)|Hello",
                "  Hello   there|Hello there",
                "Refer: Hello|Refer: Hello",
                "Re Hello|Re Hello",
                "[list]|[list]",
                "[a] [b]|[b]",
                "[open Hello|[open Hello",
                "[a[b] Hello|[a[b] Hello",
                "re:|''",
                "(fwd)|''",
                "[fwd:]|''",
            })
    void marksOfRepliesAreLeftOut(String subject, String base) {
        assertThat(BaseSubject.of(subject)).isEqualTo(base);
    }

    @Test
    void aSubjectOfMarksAloneTakesNoTimeToSpeakOf() {
        assertThat(BaseSubject.of("[".repeat(100_000))).hasSize(100_000);
        assertThat(BaseSubject.of("[fwd:".repeat(1_000) + "]".repeat(1_000))).isEmpty();
        assertThat(BaseSubject.of("[a]".repeat(50_000) + "re")).isEqualTo("re");
    }
}
