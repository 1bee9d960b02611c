package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import io.roost.cluster.crush.CrushMap;
import io.roost.cluster.crush.CrushTester;
import io.roost.cluster.crush.CrushText;
import io.roost.cluster.crush.CrushTextException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code roost crush}: the placement hierarchy, and maps in files. */
@Command(
        name = "crush",
        description =
                "Shows and changes the placement hierarchy: which hosts are in which racks, what share an OSD gets.",
        mixinStandardHelpOptions = true,
        subcommands = {
            CrushCommand.Export.class,
            CrushChange.Diff.class,
            CrushChange.AddBucket.class,
            CrushChange.RmBucket.class,
            CrushChange.Move.class,
            CrushChange.Weight.class,
            CrushChange.DeviceClass.class,
            CrushChange.AddRule.class,
            CrushChange.RmRule.class,
            CrushChange.Import.class,
            CrushCommand.Test.class
        })
final class CrushCommand extends CommandGroup {
    CrushCommand() {
        super(
                "crush what? There are export, diff, add-bucket, rm-bucket, move, weight, class, add-rule, rm-rule, import "
                        + "and test");
    }

    /** {@code roost crush export}. */
    @Command(
            name = "export",
            description = "Prints the cluster's placement hierarchy and rules, as crushtool compiles them.",
            footer = {"", "Example:", "  roost crush export > map.txt"})
    static final class Export extends NodeCommand {
        @Override
        JsonNode ask(AdminClient node) {
            return node.get("/crush");
        }

        @Override
        void print(JsonNode answer, StringBuilder out) {
            out.append(answer.path("text").asText());
        }
    }

    /** {@code roost crush test}. */
    @Command(
            name = "test",
            description = "Shows where a map's rule places inputs, as crushtool --test --show-mappings does.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example:",
                "  roost crush test -i map.txt --rule 0 --num-rep 3 --max-x 9 --show-mappings",
                "  CRUSH rule 0 x 0 [1,0,2]"
            })
    static final class Test implements Runnable {
        @Spec
        private CommandSpec spec;

        @Option(names = "-i", required = true, paramLabel = "MAP.txt", description = "A map in crushtool's text form.")
        private Path file = Path.of("");

        @Option(names = "--rule", required = true, paramLabel = "R", description = "The rule's id.")
        private int rule;

        @Option(names = "--num-rep", required = true, paramLabel = "N", description = "Devices wanted for each input.")
        private int replicas;

        @Option(names = "--min-x", defaultValue = "0", paramLabel = "A", description = "First input. Default: 0.")
        private int minX;

        @Option(names = "--max-x", defaultValue = "1023", paramLabel = "B", description = "Last input. Default: 1023.")
        private int maxX;

        @Option(
                names = "--weight",
                arity = "2",
                paramLabel = "OSD W",
                hideParamSyntax = true,
                description = "Reweights a device: 0 is out, 1 is in; may be repeated.")
        private List<String> weights = new ArrayList<>();

        @Option(names = "--show-mappings", description = "Print a line for each input.")
        private boolean isShown;

        @Override
        public void run() {
            if (replicas < 1 || minX > maxX) {
                throw new ParameterException(
                        spec.commandLine(), "--num-rep is 1 or more, and --min-x not above --max-x");
            }
            try {
                CrushMap map = CrushText.read(Files.readString(file));
                if (map.rule(rule).isEmpty()) {
                    throw new CommandFailure(CommandFailure.FAILED, file + " has no rule " + rule);
                }
                show(new CrushTester(map, reweights()));
            } catch (CrushTextException e) {
                throw new CommandFailure(CommandFailure.FAILED, file + ": " + e.getMessage());
            } catch (IOException e) {
                throw new CommandFailure(CommandFailure.COULD_NOT_RUN, "cannot read " + file + ": " + Reason.of(e));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), e.getMessage(), e);
            }
        }

        private SortedMap<Integer, Integer> reweights() {
            SortedMap<Integer, Integer> reweights = new TreeMap<>();
            for (int i = 0; i < weights.size(); i += 2) {
                reweights.put(Integer.parseInt(weights.get(i)), CrushTester.reweight(weights.get(i + 1)));
            }
            return reweights;
        }

        private void show(CrushTester tester) throws IOException {
            PrintWriter out = spec.commandLine().getOut();
            BufferedWriter lines = new BufferedWriter(out);
            tester.showMappings(rule, replicas, minX, maxX, line -> {
                if (isShown) {
                    write(lines, line);
                }
            });
            lines.flush();
        }

        private static void write(BufferedWriter lines, String line) {
            try {
                lines.write(line);
                lines.newLine();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write the output", e);
            }
        }
    }
}
