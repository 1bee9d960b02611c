package io.roost.deploy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** CPU time of processes, user and system of all their threads, from /proc/PID/stat (proc(5)). Linux only. */
final class ProcessCpu {
    /** What proc(5) counts in: USER_HZ, 100 on every architecture that Java runs on. */
    private static final long MICROS_PER_TICK = 10_000;

    private static final int USER_TIME_FIELD = 14;

    private ProcessCpu() {}

    /** The sum of the processes' CPU times since their start, to 10 ms each. */
    static long micros(List<Long> pids) throws IOException {
        long sum = 0;
        for (long pid : pids) {
            try {
                sum += micros(
                        Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1));
            } catch (NoSuchFileException gone) {
                throw new IOException("there is no process " + pid, gone);
            }
        }
        return sum;
    }

    /** CPU time out of the text of a stat file. */
    static long micros(String stat) {
        // The second field is the command in parentheses, and may itself hold spaces and parentheses.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        int first = 3;
        return MICROS_PER_TICK
                * (Long.parseLong(fields[USER_TIME_FIELD - first])
                        + Long.parseLong(fields[USER_TIME_FIELD + 1 - first]));
    }
}
