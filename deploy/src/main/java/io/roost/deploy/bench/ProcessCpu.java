package io.roost.deploy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * CPU time of processes and of all that they have started, user and system of all threads, from /proc/PID/stat (proc(5)):
 * a child that has ended counts with its parent, which has waited for it. Linux only.
 */
final class ProcessCpu {
    /** What proc(5) counts in: USER_HZ, 100 on every architecture that Java runs on. */
    private static final long MICROS_PER_TICK = 10_000;

    private static final int USER_TIME_FIELD = 14;

    /** User and system time, then the same of the children that were waited for. */
    private static final int TIMES = 4;

    private ProcessCpu() {}

    /** The sum of the processes' CPU times since their start, to 10 ms each. */
    static long micros(List<Long> pids) throws IOException {
        long sum = 0;
        for (long pid : pids) {
            sum += microsOfTree(pid);
        }
        return sum;
    }

    /** Read anew when a process began or ended meanwhile: its time would be counted twice, or by nobody. */
    private static long microsOfTree(long root) throws IOException {
        long sum;
        Set<Long> before;
        do {
            before = descendants(root);
            sum = stat(root).map(ProcessCpu::micros).orElseThrow(() -> new IOException("there is no process " + root));
            for (long each : before) {
                sum += stat(each).map(ProcessCpu::micros).orElse(0L);
            }
        } while (!before.equals(descendants(root)));
        return sum;
    }

    private static Set<Long> descendants(long root) {
        try (Stream<ProcessHandle> started = ProcessHandle.of(root).stream().flatMap(ProcessHandle::descendants)) {
            return started.map(ProcessHandle::pid).collect(Collectors.toSet());
        }
    }

    private static Optional<String> stat(long pid) throws IOException {
        Path file = Path.of("/proc", Long.toString(pid), "stat");
        try {
            return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException failure) {
            // It may also end between opening and reading.
            if (Files.exists(file)) {
                throw failure;
            }
            return Optional.empty();
        }
    }

    /** CPU time out of the text of a stat file. */
    static long micros(String stat) {
        // The second field is the command in parentheses, and may itself hold spaces and parentheses.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        int first = 3;
        long ticks = 0;
        for (int field = USER_TIME_FIELD; field < USER_TIME_FIELD + TIMES; field++) {
            ticks += Long.parseLong(fields[field - first]);
        }
        return MICROS_PER_TICK * ticks;
    }
}
