package io.roost.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Users of a file, with secrets that the command makes. */
class MailUsersFileTest {
    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static String secret() {
        StringWriter printed = new StringWriter();
        int exitCode = new CommandLine(new MailboxCommand())
                .setOut(new PrintWriter(printed, true))
                .execute("secret", "--password", "gate");
        assertThat(exitCode).isZero();
        return printed.toString().strip();
    }

    @Test
    void whatIsWrittenIsTakenOnceItCanBeUnderstood() throws IOException {
        Path file = Files.writeString(folder.resolve("users"), "ada " + secret() + "\n");
        MailUsersFile users = MailUsersFile.of(vertx, file);
        assertThat(users.users().mailboxes()).containsExactly("ada");
        assertThat(users.look()).as("nothing else").isEmpty();
        Files.writeString(file, "ada " + secret() + "\nbob half-a-");
        assertThat(users.look()).isEmpty();
        Files.writeString(file, "bob " + secret() + "\nproxy " + secret() + " master\n");
        assertThat(users.look().orElseThrow().mailboxes()).containsExactly("bob");
        Files.delete(file);
        assertThat(users.look()).isEmpty();
    }

    @Test
    void aFileThatCannotBeUsedIsSaidAtTheStart() throws IOException {
        Path file = folder.resolve("users");
        assertThatThrownBy(() -> MailUsersFile.of(vertx, file))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("cannot use the users of " + file + " (mail.users-file): no such file or folder");
        Files.writeString(file, "\nada secret\n");
        assertThatThrownBy(() -> MailUsersFile.of(vertx, file))
                .hasMessageEndingWith("(mail.users-file): line 2 has no secret of a known form");
    }
}
