package io.roost.deploy.bench;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;

/**
 * Messages as people send them: most of some KiB, a few of hundreds, 24 KiB on average. Half of a body is text that can be
 * compressed, half is not. No line begins with a dot.
 */
final class MailMessages {
    private static final int[] SHARES = {60, 85, 95, 99, 100};
    private static final int[] SIZES = {4 << 10, 16 << 10, 64 << 10, 180 << 10, 400 << 10};
    private static final int LINE_BYTES = 57;

    private final Random random;

    MailMessages(long seed) {
        random = new Random(seed);
    }

    /** The next message. */
    byte[] next() {
        int share = random.nextInt(100);
        int kind = 0;
        while (share >= SHARES[kind]) {
            kind++;
        }
        StringBuilder text = new StringBuilder(SIZES[kind] + 1024)
                .append("From: Bench <bench@example.org>\r\nTo: you@example.org\r\nSubject: bench ")
                .append(random.nextInt(1_000_000))
                .append("\r\nDate: Tue, 3 Feb 2026 04:05:06 +0000\r\nMessage-ID: <")
                .append(Long.toHexString(random.nextLong()))
                .append("@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n");
        byte[] noise = new byte[LINE_BYTES];
        while (text.length() < SIZES[kind]) {
            random.nextBytes(noise);
            text.append(Base64.getEncoder().encodeToString(noise)).append("\r\n");
            text.append("The quick brown fox jumps over the lazy dog, again and again and again.\r\n");
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
