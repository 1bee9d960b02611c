package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * A change of the placement hierarchy, {@code roost crush move rack1 default}; below {@code roost crush diff} it only shows
 * what it would do.
 */
abstract class CrushChange extends NodeCommand {
    private static final String DIFF = "diff";

    @Spec
    private CommandSpec spec;

    private boolean isDiff() {
        return spec.parent() != null && spec.parent().name().equals(DIFF);
    }

    /** What is wanted. */
    abstract ObjectNode change();

    @Override
    final JsonNode ask(AdminClient node) {
        ObjectNode change = change().put("change", spec.name());
        return node.post(isDiff() ? "/crush/diff" : "/crush/changes", change);
    }

    @Override
    final void print(JsonNode answer, StringBuilder out) {
        if (!isDiff()) {
            super.print(answer, out);
            return;
        }
        ObjectNode shown = ((ObjectNode) answer).deepCopy();
        // One line for each placement group would hide the rest; --json has them.
        shown.remove("moves");
        super.print(shown, out);
    }

    /** {@code roost crush diff}. */
    @Command(
            name = DIFF,
            description = "Shows which placement groups a change would move, and changes nothing.",
            mixinStandardHelpOptions = true,
            subcommands = {
                AddBucket.class,
                RmBucket.class,
                Move.class,
                Weight.class,
                DeviceClass.class,
                AddRule.class,
                RmRule.class,
                Import.class
            })
    static final class Diff extends CommandGroup {
        Diff() {
            super("diff of what? The changes of 'roost crush' can be looked at first: crush diff move rack1 default");
        }
    }

    /** {@code roost crush add-bucket}. */
    @Command(
            name = "add-bucket",
            description = "Makes a host, rack, or whatever contains others.",
            footer = {
                "",
                "Examples:",
                "  roost crush diff add-bucket rack1 rack --in default",
                "  roost crush add-bucket rack1 rack --in default"
            })
    static final class AddBucket extends CrushChange {
        @Parameters(index = "0", paramLabel = "NAME", description = "Its name.")
        private String name;

        @Parameters(index = "1", paramLabel = "TYPE", description = "As host, rack, root.")
        private String type;

        @Option(
                names = "--in",
                paramLabel = "PARENT",
                description = "What contains it. Default: nothing, it is a root.")
        private String parent;

        @Override
        ObjectNode change() {
            ObjectNode change = object().put("name", name).put("type", type);
            putGiven(change, "parent", parent);
            return change;
        }
    }

    /** A change of what has a name. */
    abstract static class OfName extends CrushChange {
        @Parameters(index = "0", paramLabel = "NAME", description = "Its name.")
        private String name;

        @Override
        ObjectNode change() {
            return object().put("name", name);
        }
    }

    /** {@code roost crush rm-bucket}. */
    @Command(
            name = "rm-bucket",
            description = "Removes a host, rack or the like that is empty.",
            footer = {"", "Examples:", "  roost crush diff rm-bucket rack1", "  roost crush rm-bucket rack1"})
    static final class RmBucket extends OfName {}

    /** {@code roost crush move}. */
    @Command(
            name = "move",
            description = "Puts an OSD, host, rack or the like with all it contains elsewhere.",
            footer = {"", "Examples:", "  roost crush diff move n1 rack1", "  roost crush move n1 rack1"})
    static final class Move extends OfName {
        @Parameters(index = "1", paramLabel = "PARENT", description = "What contains it from now on.")
        private String parent;

        @Override
        ObjectNode change() {
            return super.change().put("parent", parent);
        }
    }

    /** A change of an OSD. */
    abstract static class OfOsd extends CrushChange {
        @Parameters(
                index = "0",
                paramLabel = "OSD",
                converter = OsdCommand.OsdName.class,
                description = "As osd.3, or 3.")
        private int osd;

        @Override
        ObjectNode change() {
            return object().put("osd", osd);
        }
    }

    /** {@code roost crush weight}. */
    @Command(
            name = "weight",
            description = "Sets which share of all data an OSD gets.",
            footer = {"", "Examples:", "  roost crush diff weight osd.3 1.8", "  roost crush weight osd.3 1.8"})
    static final class Weight extends OfOsd {
        @Parameters(index = "1", paramLabel = "TIB", description = "Its size in TiB, by custom.")
        private double weight;

        @Override
        ObjectNode change() {
            return super.change().put("weight", weight);
        }
    }

    /** {@code roost crush class}. */
    @Command(
            name = "class",
            description = "Sets of which class an OSD's disk is, for rules that choose by it.",
            footer = {"", "Examples:", "  roost crush diff class osd.3 ssd", "  roost crush class osd.3 ssd"})
    static final class DeviceClass extends OfOsd {
        @Parameters(index = "1", paramLabel = "CLASS", description = "As ssd; '' for none.")
        private String deviceClass;

        @Override
        ObjectNode change() {
            return super.change().put("class", deviceClass);
        }
    }

    /** {@code roost crush add-rule}. */
    @Command(
            name = "add-rule",
            description = "Makes a rule of placement for replicas.",
            footer = {
                "",
                "Examples:",
                "  roost crush diff add-rule by-rack --domain rack --class ssd",
                "  roost crush add-rule by-rack --domain rack --class ssd"
            })
    static final class AddRule extends OfName {
        @Option(
                names = "--root",
                defaultValue = "default",
                paramLabel = "NAME",
                description = "Where. Default: default.")
        private String root;

        @Option(
                names = "--domain",
                defaultValue = "host",
                paramLabel = "TYPE",
                description = "What has at most one replica of anything. Default: host.")
        private String domain;

        @Option(names = "--class", paramLabel = "CLASS", description = "On disks of this class. Default: any.")
        private String deviceClass;

        @Override
        ObjectNode change() {
            ObjectNode change = super.change().put("root", root).put("domain", domain);
            putGiven(change, "class", deviceClass);
            return change;
        }
    }

    /** {@code roost crush rm-rule}. */
    @Command(
            name = "rm-rule",
            description = "Removes a rule of placement that no pool has.",
            footer = {"", "Examples:", "  roost crush diff rm-rule by-rack", "  roost crush rm-rule by-rack"})
    static final class RmRule extends OfName {}

    /** {@code roost crush import}. */
    @Command(
            name = "import",
            description =
                    "Replaces the hierarchy and the rules by those of a file, which `roost crush export` wrote and "
                            + "an editor changed.",
            footer = {"", "Examples:", "  roost crush diff import map.txt", "  roost crush import map.txt"})
    static final class Import extends CrushChange {
        @Parameters(paramLabel = "MAP.txt", description = "A map in crushtool's text form.")
        private Path file = Path.of("");

        @Override
        ObjectNode change() {
            try {
                return object().put("text", Files.readString(file));
            } catch (IOException e) {
                throw new CommandFailure(CommandFailure.COULD_NOT_RUN, "cannot read " + file + ": " + Reason.of(e));
            }
        }
    }
}
