package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code roost config}. */
@Command(
        name = "config",
        description = "Shows and changes what OSDs follow while they run.",
        mixinStandardHelpOptions = true,
        subcommands = {ConfigCommand.Ls.class, ConfigCommand.Set.class, ConfigCommand.Rm.class})
final class ConfigCommand extends CommandGroup {
    ConfigCommand() {
        super("config what? There are ls, set and rm");
    }

    /** {@code roost config ls}. */
    @Command(
            name = "ls",
            description = "Lists the settings there are, what holds when nothing is said, and what is said for whom.",
            footer = {"", "Example:", "  roost config ls"})
    static final class Ls extends NodeCommand {
        @Override
        JsonNode ask(AdminClient node) {
            return node.get("/config");
        }
    }

    /** Names a setting. */
    abstract static class OfSetting extends NodeCommand {
        @Parameters(
                index = "0",
                paramLabel = "WHO",
                description = "osd for all OSDs, osd.3 for one, which wins over osd; mon for monitors.")
        private String who;

        @Parameters(index = "1", paramLabel = "SETTING", description = "As roost config ls names it.")
        private String setting;

        final String path() {
            return AdminClient.path("config", who, setting);
        }
    }

    /** {@code roost config set}. */
    @Command(
            name = "set",
            description = "Sets a setting; OSDs and monitors that run follow it at once.",
            footer = {
                "",
                "Examples:",
                "  roost config set osd osd_max_backfills 8",
                "  roost config set mon mon_osd_down_out_interval 1800"
            })
    static final class Set extends OfSetting {
        @Parameters(index = "2", paramLabel = "VALUE", description = "A whole number.")
        private String value;

        @Override
        JsonNode ask(AdminClient node) {
            return node.post(path(), object().put("value", value));
        }
    }

    /** {@code roost config rm}. */
    @Command(
            name = "rm",
            description = "Takes back what was set.",
            footer = {"", "Example:", "  roost config rm osd osd_max_backfills"})
    static final class Rm extends OfSetting {
        @Override
        JsonNode ask(AdminClient node) {
            node.delete(path());
            return MissingNode.getInstance();
        }
    }
}
