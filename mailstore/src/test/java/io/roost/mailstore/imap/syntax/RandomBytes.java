package io.roost.mailstore.imap.syntax;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Messages that are hard to write in a structure, of a seed: multiparts with damaged headers. */
final class RandomBytes {
    private static final String[] LINES = {
        "Content-Type: multipart/mixed; boundary=b",
        "Content-Type: multipart/x; boundary=\"c d\"",
        "Content-Type: message/rfc822",
        "Content-Type: text/html; charset=\"a\\\"b\"; x*0=y",
        "Content-Type: application/\u00e4; \u00e4=\u00f6",
        "Content-Type: image/png; name=\"\u00e4",
        "Content-Language: en, , de",
        "Content-Disposition: inline; a=b; c=\"d",
        "Content-ID: \u0000<x>",
        "Content-Transfer-Encoding: \"x\"",
        "From: \"a\\\"\" <b@c>, x:;, \u00e4@\u00f6, (c) d",
        "Subject: =?utf-8?q?x?= \"\\\" \u00ff",
        "",
        "",
        "--b",
        "--c d",
        "--b--",
        "text {5}",
        "(\")\\"
    };

    private RandomBytes() {}

    static byte[] message(int seed) {
        Random random = new Random(seed);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int count = random.nextInt(60);
        for (int i = 0; i < count; i++) {
            out.writeBytes(LINES[random.nextInt(LINES.length)].getBytes(StandardCharsets.ISO_8859_1));
            out.writeBytes("\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        return out.toByteArray();
    }
}
