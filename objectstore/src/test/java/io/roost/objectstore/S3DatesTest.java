package io.roost.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class S3DatesTest {
    @Test
    void documentsShowMillisAndHeadersWholeSecondsOfUtc() {
        assertThat(S3Dates.iso(1_769_881_830_999L)).isEqualTo("2026-01-31T17:50:30.999Z");
        assertThat(S3Dates.iso(1_769_881_830_007L)).isEqualTo("2026-01-31T17:50:30.007Z");
        assertThat(S3Dates.iso(-1)).isEqualTo("1969-12-31T23:59:59.999Z");
        assertThat(S3Dates.http(1_769_881_830_999L)).isEqualTo("Sat, 31 Jan 2026 17:50:30 GMT");
        assertThat(S3Dates.http(0)).isEqualTo("Thu, 01 Jan 1970 00:00:00 GMT");
    }

    @Test
    void headerDatesAreReadInBothFormsAndNonsenseIsIgnored() {
        assertThat(S3Dates.parse("Sat, 31 Jan 2026 17:50:30 GMT")).isEqualTo(1_769_881_830_000L);
        assertThat(S3Dates.parse("2026-01-31T17:50:30Z")).isEqualTo(1_769_881_830_000L);
        assertThat(S3Dates.parse("yesterday")).isNull();
    }
}
