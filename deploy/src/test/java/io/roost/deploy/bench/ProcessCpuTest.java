package io.roost.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessCpuTest {
    @Test
    void addsUserAndSystemTimeAfterACommandWithParenthesesAndSpaces() {
        String stat = "4711 (a) b (c) S 1 4711 4711 0 -1 4194560 11 22 33 44 150 25 7 8 20 0 9 0 100\n";
        assertThat(ProcessCpu.micros(stat)).isEqualTo(1_750_000);
    }

    @Test
    void readsThisProcess() throws IOException {
        assertThat(ProcessCpu.micros(List.of(ProcessHandle.current().pid()))).isPositive();
    }

    @Test
    void saysWhenThereIsNoSuchProcess() {
        assertThatThrownBy(() -> ProcessCpu.micros(List.of(-1L)))
                .isInstanceOf(IOException.class)
                .hasMessage("there is no process -1");
    }
}
