package io.roost.mailstore.mime;

import java.util.Random;

/** Messages of nested parts, of a seed; mostly well-formed. */
final class RandomMessages {
    private static final String[] WORDS = {
        "alpha", "beta", "gamma", "--x", "", " ", "--", "From: x", "a:b", "\u00e4\u00f6"
    };

    private final Random random;
    private final StringBuilder out = new StringBuilder();
    private int boundaries;

    private RandomMessages(Random random) {
        this.random = random;
    }

    static String message(Random random) {
        RandomMessages messages = new RandomMessages(random);
        messages.message(random.nextInt(5));
        return messages.out.toString();
    }

    private void line(String text) {
        out.append(text).append("\r\n");
    }

    private void message(int depth) {
        line("From: \"A, B\" <a@example.org>, c@example.org (C)");
        line("Subject: =?utf-8?q?x=20y?=");
        if (random.nextBoolean()) {
            line("\tfolded");
        }
        line("Message-ID: <" + random.nextInt(1000) + "@example.org>");
        part(depth);
    }

    private void part(int depth) {
        int kind = depth == 0 ? 0 : random.nextInt(4);
        if (kind == 1) {
            line("Content-Type: message/rfc822");
            line("");
            message(depth - 1);
        } else if (kind >= 2) {
            multipart(depth);
        } else {
            leaf();
        }
    }

    private void leaf() {
        if (random.nextBoolean()) {
            line("Content-Type: text/html; charset=\"utf-8\"; x=y");
        }
        if (random.nextBoolean()) {
            line("Content-Disposition: attachment; filename*=utf-8''%e2%82%ac.txt");
        }
        line("");
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            line(WORDS[random.nextInt(WORDS.length)]);
        }
    }

    private void multipart(int depth) {
        String boundary = "b" + boundaries++;
        line("Content-Type: multipart/" + (random.nextBoolean() ? "mixed" : "alternative") + "; boundary=" + boundary);
        line("");
        if (random.nextBoolean()) {
            line("preamble");
        }
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            line("--" + boundary);
            part(depth - 1);
            if (random.nextBoolean()) {
                line("");
            }
        }
        line("--" + boundary + "--");
        if (random.nextBoolean()) {
            line("epilogue");
        }
    }
}
