package io.roost.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(String... arguments) {
        CommandLine command = Main.commandLine(arguments);
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(arguments);
    }

    @Test
    void everyCommandHasHelpWithAnExample() {
        for (String name : Main.commands().keySet()) {
            CommandLine command = Main.commandLine(name).getSubcommands().get(name);
            assertHelp("roost " + name, command);
        }
        assertThat(execute("--help")).isZero();
        assertThat(out.toString())
                .contains("Examples:")
                .contains(Main.commands().keySet());
    }

    private static void assertHelp(String name, CommandLine command) {
        String usage = command.getUsageMessage();
        // A longer line is cut in two, and an example could not be pasted.
        assertThat(command.getCommandSpec().usageMessage().footer()).as(name).allMatch(line -> line.length() < 80);
        assertThat(command.getCommandSpec().usageMessage().description())
                .as(name)
                .isNotEmpty();
        if (command.getSubcommands().isEmpty()) {
            assertThat(usage).as(name).contains("Example").contains("  " + name);
        } else {
            command.getSubcommands().forEach((sub, subcommand) -> assertHelp(name + " " + sub, subcommand));
        }
    }

    @Test
    void aMisuseIsOneClearLineAndExitCodeTwo() {
        assertThat(execute("bench", "s3", "put", "--no-such-option")).isEqualTo(2);
        assertThat(err.toString()).startsWith("roost: Unknown option: '--no-such-option'");
        assertThat(execute("nonsense")).isEqualTo(2);
        assertThat(err.toString()).contains("\nroost: there is no command 'roost nonsense'\n");
        assertThat(execute("bucket", "lst")).isEqualTo(2);
        assertThat(err.toString()).contains("\nroost: there is no command 'roost bucket lst'\nDid you mean: ");
        assertThat(execute("status", "all")).isEqualTo(2);
        assertThat(err.toString()).contains("\nroost: 'all' is one word too many\nTry 'roost status --help'.\n");
        assertThat(execute()).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aFailureIsOneLineWithItsExitCode() {
        int exitCode = execute(
                "bench", "s3", "put", "--endpoint", "http://127.0.0.1:1", "--access-key", "k", "--secret-key", "s");
        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString())
                .contains("roost: could not create the bucket: no connection: Connection refused: /127.0.0.1:1 (")
                .doesNotContain("Exception");
    }

    @Test
    void devRefusesMistakesBeforeItMakesAnything() {
        assertThat(execute("dev", "--data", "")).isEqualTo(2);
        assertThat(execute("dev", "--temp", "--bucket", "Bad_Name")).isEqualTo(2);
        assertThat(execute("dev", "--temp", "--access-key", "", "--secret-key", ""))
                .isEqualTo(2);
        assertThat(execute("dev", "--temp", "--config", "no/such/file")).isEqualTo(2);
        assertThat(err.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("roost: --data names no folder"),
                        line -> assertThat(line)
                                .startsWith(
                                        "roost: --bucket: 'Bad_Name' is no name for a bucket: 3 to 63 of a-z, 0-9,"),
                        line -> assertThat(line).isEqualTo("roost: the access key or its secret is empty"),
                        line -> assertThat(line).isEqualTo("roost: cannot read no/such/file: no such file or folder"));
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void anAddressThatIsNoneIsAMisuseAndNoStackTrace() {
        Map<String, String> environment = Map.of("ROOST_ADMIN_TOKEN", "t");
        for (String address : new String[] {"nonsense", "ftp://host", "http:///path"}) {
            NodeOptions options = new NodeOptions();
            new CommandLine(options).parseArgs("--admin", address);
            assertThatThrownBy(() -> options.client(environment))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessage("--admin " + address + " is no address such as http://HOST:PORT");
        }
    }

    @Test
    void sizesHaveUnits() {
        assertThat(BenchCommand.S3.bytes("4096")).isEqualTo(4096);
        assertThat(BenchCommand.S3.bytes("4k")).isEqualTo(4096);
        assertThat(BenchCommand.S3.bytes("4M")).isEqualTo(4 << 20);
        assertThat(BenchCommand.S3.bytes("1024m")).isEqualTo(1 << 30);
        for (String wrong : new String[] {"", "k", "-1", "4g", "1025m", "9999999999"}) {
            assertThatThrownBy(() -> BenchCommand.S3.bytes(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
