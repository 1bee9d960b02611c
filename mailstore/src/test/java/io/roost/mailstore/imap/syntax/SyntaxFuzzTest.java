package io.roost.mailstore.imap.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.ByteWriter;
import io.roost.mailstore.imap.syntax.CommandEvent.Complete;
import io.roost.mailstore.imap.syntax.CommandEvent.MessageAnnounced;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random commands are read as they were written, however they are cut into pieces; damaged ones end in an answer.
 * {@code -Droost.fuzz.seconds=600} runs longer, {@code -Droost.fuzz.seed=N} runs one seed.
 */
class SyntaxFuzzTest {
    private static final int SECONDS = Integer.getInteger("roost.fuzz.seconds", 2);
    private static final Integer SEED = Integer.getInteger("roost.fuzz.seed");
    private static final String SIGNS = "(){}\"\\ \r\n*%+~<>[]$0";
    private static final ImapLimits LIMITS = new ImapLimits(4_000, 500, 1_000);

    /** One round of a test, of a seed. */
    private interface Round {
        void run(Random random);
    }

    private static void rounds(Round round) {
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        int first = SEED == null ? 0 : SEED;
        for (int seed = first; seed == first || (SEED == null && System.nanoTime() < end); seed++) {
            try {
                round.run(new Random(seed));
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("-Droost.fuzz.seed=" + seed, failure);
            }
        }
    }

    private static List<Buffer> pieces(byte[] bytes, Random random) {
        List<Buffer> pieces = new ArrayList<>();
        int largest = 1 + random.nextInt(random.nextBoolean() ? 3 : 2_000);
        int at = 0;
        while (at < bytes.length) {
            int end = Math.min(bytes.length, at + 1 + random.nextInt(largest));
            pieces.add(Buffer.buffer(Arrays.copyOfRange(bytes, at, end)));
            at = end;
        }
        return pieces;
    }

    @Test
    void whatIsWrittenIsRead() {
        rounds(random -> {
            Dialect dialect = random.nextBoolean() ? Dialect.REV1 : Dialect.REV2;
            RandomCommands commands = new RandomCommands(random);
            CommandWriter writer = new CommandWriter(random, dialect);
            List<Complete> expected = new ArrayList<>();
            ByteWriter bytes = new ByteWriter();
            for (int i = 0; i < 10; i++) {
                Complete complete = new Complete("t" + i, commands.next());
                expected.add(complete);
                bytes.raw(writer.write(complete.tag(), complete.command()));
            }
            ReaderHarness harness = new ReaderHarness();
            harness.reader.dialect(dialect);
            pieces(bytes.toArray(), random).forEach(harness::send);
            List<CommandEvent> read = new ArrayList<>(harness.events);
            read.removeIf(event -> event == CommandEvent.Wanted.CONTINUATION
                    || event instanceof MessageAnnounced
                    || event == CommandEvent.MessageEnd.COMPLETE);
            assertThat(read).isEqualTo(expected);
            assertThat(harness.reader.hasUnread()).isFalse();
        });
    }

    @Test
    void damagedCommandsEndInAnAnswerWithinBounds() {
        rounds(random -> {
            RandomCommands commands = new RandomCommands(random);
            CommandWriter writer = new CommandWriter(random, Dialect.REV1);
            ByteWriter bytes = new ByteWriter();
            for (int i = 0; i < 5; i++) {
                bytes.raw(writer.write("t" + i, commands.next()));
            }
            byte[] damaged = damage(bytes.toArray(), random);
            CommandReader reader = new CommandReader(LIMITS);
            int events = 0;
            for (Buffer piece : pieces(damaged, random)) {
                reader.offer(piece);
                for (CommandEvent event = reader.next(); event != null; event = reader.next()) {
                    events++;
                    answer(reader, event, random);
                }
                assertThat(reader.heldBytes()).isLessThanOrEqualTo(3 * LIMITS.commandBytes());
            }
            assertThat(events).isLessThanOrEqualTo(3 * damaged.length);
        });
    }

    private static void answer(CommandReader reader, CommandEvent event, Random random) {
        if (event instanceof MessageAnnounced announced) {
            if (announced.size() == CommandEvent.Size.TOO_BIG || random.nextInt(4) == 0) {
                reader.refuseMessage();
            } else {
                reader.acceptMessage();
            }
        } else if (event instanceof Complete complete && complete.command() == Command.Simple.IDLE) {
            reader.expectLine();
        }
    }

    @Test
    void theCommandAfterADamagedLineIsRead() {
        rounds(random -> {
            RandomCommands commands = new RandomCommands(random);
            CommandWriter writer = new CommandWriter(random, Dialect.REV1);
            byte[] damaged = damage(writer.write("t", commands.next()).array(), random);
            // Without the signs of a literal and of a command that goes on in the next line.
            String line = ReaderHarness.text(damaged).replaceAll("[{\\r\\n]|(?i)idle", "");
            ReaderHarness harness = new ReaderHarness().send(line + "\r\nnext NOOP\r\n");
            assertThat(harness.events).hasSize(2).endsWith(new Complete("next", Command.Simple.NOOP));
        });
    }

    private static byte[] damage(byte[] bytes, Random random) {
        ByteWriter damaged = new ByteWriter();
        int oneIn = 1 + random.nextInt(300);
        for (int at = 0; at < bytes.length; at++) {
            if (random.nextInt(oneIn) != 0) {
                damaged.u8(bytes[at]);
                continue;
            }
            switch (random.nextInt(6)) {
                case 0 -> damaged.u8(random.nextInt(256));
                case 1 -> damaged.u8(bytes[at]).u8(SIGNS.charAt(random.nextInt(SIGNS.length())));
                case 2 -> damaged.u8(bytes[at]).raw(bytes, at, Math.min(bytes.length - at, random.nextInt(50)));
                case 3 -> at += random.nextInt(5);
                case 4 -> damaged.raw(io.roost.cluster.object.Bytes.utf8("{" + (random.nextInt() >>> 1) + "+}\r\n"));
                default -> damaged.raw(bytes, 0, random.nextInt(bytes.length));
            }
        }
        return damaged.toArray();
    }
}
