package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.roost.cluster.map.OsdMapFlag;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code roost osd}. */
@Command(
        name = "osd",
        description = "Shows the OSDs, and says what becomes of them.",
        mixinStandardHelpOptions = true,
        subcommands = {
            OsdCommand.Tree.class,
            OsdCommand.Df.class,
            OsdCommand.Perf.class,
            OsdCommand.MapNames.class,
            OsdCommand.Out.class,
            OsdCommand.In.class,
            OsdCommand.Down.class,
            OsdCommand.Reweight.class,
            OsdCommand.Lost.class,
            OsdCommand.Purge.class,
            OsdCommand.Set.class,
            OsdCommand.Unset.class
        })
final class OsdCommand extends CommandGroup {
    OsdCommand() {
        super("osd what? There are tree, df, perf, map, out, in, down, reweight, lost, purge, set and unset");
    }

    /** {@code osd.3}, or {@code 3} for short. */
    static final class OsdName implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            String number = text.startsWith("osd.") ? text.substring(4) : text;
            if (!number.matches("[0-9]{1,6}")) {
                throw new TypeConversionException("'" + text + "' is no OSD: osd.3, or 3");
            }
            return Integer.parseInt(number);
        }
    }

    /** {@code roost osd tree}. */
    @Command(
            name = "tree",
            description = "Shows hosts and OSDs as they lie below each other, and which OSDs are up.",
            footer = {"", "Example:", "  roost osd tree --json"})
    static final class Tree extends NodeCommand {
        @Override
        JsonNode ask(AdminClient node) {
            return node.get("/osds");
        }

        @Override
        void print(JsonNode answer, StringBuilder out) {
            ObjectNode shown = object();
            var lines = shown.putArray("tree");
            for (JsonNode line : answer.path("tree")) {
                String indent = "  ".repeat(line.path("depth").asInt());
                lines.addObject()
                        .put("id", line.path("id").asText())
                        .put("name", indent + line.path("name").asText())
                        .put("type", line.path("type").asText())
                        .put("weight", line.path("weight").asText())
                        .put("status", line.path("status").asText())
                        .put("reweight", line.path("reweight").asText());
            }
            JsonText.append(shown, out);
            if (!answer.path("flags").isEmpty()) {
                out.append("flags:");
                answer.path("flags").forEach(flag -> out.append(' ').append(flag.asText()));
                out.append('\n');
            }
        }
    }

    /** Shows some of what is known of every OSD. */
    abstract static class Usage extends NodeCommand {
        private final List<String> columns;

        Usage(List<String> columns) {
            this.columns = columns;
        }

        @Override
        final JsonNode ask(AdminClient node) {
            return node.get("/osds/usage");
        }

        @Override
        final void print(JsonNode answer, StringBuilder out) {
            ObjectNode shown = object();
            var lines = shown.putArray("osds");
            for (JsonNode osd : answer.path("osds")) {
                ObjectNode line = lines.addObject();
                for (String column : columns) {
                    line.set(column, osd.path(column).isMissingNode() ? line.textNode("-") : osd.path(column));
                }
            }
            JsonText.append(shown, out);
        }
    }

    /** {@code roost osd df}. */
    @Command(
            name = "df",
            description = "Shows how full the OSDs are, and how many placement groups each serves.",
            footer = {"", "Example:", "  roost osd df"})
    static final class Df extends Usage {
        Df() {
            super(List.of("id", "status", "weight", "reweight", "capacityBytes", "usedBytes", "usedPercent", "pgs"));
        }
    }

    /** {@code roost osd perf}. */
    @Command(
            name = "perf",
            description = "Shows how long the OSDs' disks take for a commit, lately.",
            footer = {"", "Example:", "  roost osd perf"})
    static final class Perf extends Usage {
        Perf() {
            super(List.of("id", "status", "commitMicros"));
        }
    }

    /** {@code roost osd map}. */
    @Command(
            name = "map",
            description =
                    "Shows which placement group and which OSDs a locator belongs to, whether or not it has anything yet.",
            footer = {"", "Example:", "  roost osd map data some-locator another"})
    static final class MapNames extends NodeCommand {
        @Parameters(index = "0", paramLabel = "POOL", description = "Its name.")
        private String pool;

        @Parameters(index = "1..*", arity = "1..*", paramLabel = "LOCATOR", description = "The locator's key.")
        private List<String> locators;

        @Override
        JsonNode ask(AdminClient node) {
            ObjectNode answer = object();
            var list = answer.putArray("locators");
            locators.forEach(locator -> list.add(node.get(AdminClient.path("pools", pool, "locators", locator))));
            return answer;
        }
    }

    /** Says what becomes of one OSD. */
    abstract static class Action extends NodeCommand {
        private final String action;

        @Parameters(paramLabel = "OSD", converter = OsdName.class, description = "As osd.3, or 3.")
        private int osd;

        Action(String action) {
            this.action = action;
        }

        /** What the request says. */
        ObjectNode body() {
            return object();
        }

        @Override
        final JsonNode ask(AdminClient node) {
            return node.post(AdminClient.path("osds", String.valueOf(osd), action), body());
        }
    }

    /** {@code roost osd out}. */
    @Command(
            name = "out",
            description = "Takes an OSD's data from it: other OSDs get copies, and it serves until they have them.",
            footer = {"", "Example:", "  roost osd out osd.3"})
    static final class Out extends Action {
        Out() {
            super("out");
        }
    }

    /** {@code roost osd in}. */
    @Command(
            name = "in",
            description = "Gives an OSD its share of the data again.",
            footer = {"", "Example:", "  roost osd in osd.3"})
    static final class In extends Action {
        In() {
            super("in");
        }
    }

    /** {@code roost osd down}. */
    @Command(
            name = "down",
            description = "Ends what an OSD is doing: it peers anew. One that runs comes up again at once.",
            footer = {"", "Example:", "  roost osd down osd.3"})
    static final class Down extends Action {
        Down() {
            super("down");
        }
    }

    /** {@code roost osd reweight}. */
    @Command(
            name = "reweight",
            description =
                    "Gives an OSD less than its share, from 1 (all of it) to 0 (out), for as long as it is too full. "
                            + "The share itself is its CRUSH weight: roost crush weight.",
            footer = {"", "Example:", "  roost osd reweight osd.3 0.85"})
    static final class Reweight extends Action {
        @Parameters(index = "1", paramLabel = "WEIGHT", description = "0 to 1.")
        private double weight;

        Reweight() {
            super("reweight");
        }

        @Override
        ObjectNode body() {
            return object().put("weight", weight);
        }
    }

    /** An action that can be the end of data. */
    abstract static class Danger extends Action {
        @Option(names = "--accept-data-loss", description = "What no other OSD has is gone for good.")
        private boolean isAccepted;

        Danger(String action) {
            super(action);
        }

        @Override
        final ObjectNode body() {
            return object().put("acceptDataLoss", isAccepted);
        }
    }

    /** {@code roost osd lost}. */
    @Command(
            name = "lost",
            description =
                    "Says that an OSD that is down never comes back with its data: placement groups that wait for "
                            + "it go on without.",
            footer = {"", "Example:", "  roost osd lost osd.3 --accept-data-loss"})
    static final class Lost extends Danger {
        Lost() {
            super("lost");
        }
    }

    /** {@code roost osd purge}. */
    @Command(
            name = "purge",
            description = "Removes an OSD that is down and out from the cluster's maps. While not everything is "
                    + "active+clean without it, it may have the only copy of something.",
            footer = {"", "Example:", "  roost osd purge osd.3"})
    static final class Purge extends Danger {
        Purge() {
            super("purge");
        }
    }

    /** Turns a switch of the whole cluster. */
    abstract static class Flag extends NodeCommand {
        private final boolean isOn;

        @Parameters(paramLabel = "FLAG", description = "One of: ${COMPLETION-CANDIDATES}.")
        private OsdMapFlag flag;

        Flag(boolean isOn) {
            this.isOn = isOn;
        }

        @Override
        final JsonNode ask(AdminClient node) {
            return node.post(AdminClient.path("flags", flag.text()), object().put("on", isOn));
        }
    }

    /** {@code roost osd set}. */
    @Command(
            name = "set",
            description = "Turns a switch of the whole cluster on, such as noout before a machine is restarted.",
            footer = {"", "Example:", "  roost osd set noout"})
    static final class Set extends Flag {
        Set() {
            super(true);
        }
    }

    /** {@code roost osd unset}. */
    @Command(
            name = "unset",
            description = "Turns a switch of the whole cluster off.",
            footer = {"", "Example:", "  roost osd unset noout"})
    static final class Unset extends Flag {
        Unset() {
            super(false);
        }
    }
}
