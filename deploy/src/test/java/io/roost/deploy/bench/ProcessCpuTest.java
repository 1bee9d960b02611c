package io.roost.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessCpuTest {
    @Test
    void addsItsTimesAndThoseOfItsChildrenAfterACommandWithParenthesesAndSpaces() {
        String stat = "4711 (a) b (c) S 1 4711 4711 0 -1 4194560 11 22 33 44 150 25 7 8 20 0 9 0 100\n";
        assertThat(ProcessCpu.micros(stat)).isEqualTo(1_900_000);
    }

    @Test
    void countsWhatAProcessHasStarted() throws IOException, InterruptedException {
        // The shell waits for its input and does nothing itself; one child has ended, the other has not.
        String busy = "i=0; while [ $i -lt 300000 ]; do i=$((i + 1)); done";
        Process shell = new ProcessBuilder(
                        "sh", "-c", "(" + busy + "); (" + busy + "; echo done; exec sleep 1000) & read end; kill $!")
                .start();
        try {
            assertThat(shell.inputReader().readLine()).isEqualTo("done");
            long alone = ProcessCpu.micros(
                    Files.readString(Path.of("/proc", Long.toString(shell.pid()), "stat"), StandardCharsets.US_ASCII));
            assertThat(alone).isPositive();
            assertThat(ProcessCpu.micros(List.of(shell.pid()))).isGreaterThan(alone);
        } finally {
            shell.outputWriter().close();
            shell.waitFor();
        }
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
