package io.roost.mailstore.mime;

import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text that headers mean: encoded words (RFC 2047), parameters (RFC 2231), raw UTF-8 (RFC 6532). */
public final class HeaderText {
    /** An encoded word; {@code *} and a language may follow the charset (RFC 2231 5). */
    private static final Pattern WORD = Pattern.compile("=\\?([^?*\\s]+)(?:\\*[^?\\s]*)?\\?([bBqQ])\\?([^?\\s]*)\\?=");

    /** Pieces of one parameter; a name of 1,000 bytes in pieces of 10. */
    private static final int MAX_PIECES = MimeLimits.MAX_PARAMETERS;

    private HeaderText() {}

    /** The charset of a name, or null for one that is not known. */
    public static Charset charset(String name) {
        try {
            String lower = name.toLowerCase(Locale.ROOT);
            return Charset.isSupported(lower) ? Charset.forName(lower) : null;
        } catch (IllegalCharsetNameException invalid) {
            return null;
        }
    }

    /** Bytes without a charset: UTF-8 if they are that, else Latin-1. */
    public static String raw(Bytes bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.array()))
                    .toString();
        } catch (CharacterCodingException malformed) {
            return new String(bytes.array(), StandardCharsets.ISO_8859_1);
        }
    }

    /**
     * An unfolded value with its encoded words decoded. Words of one charset that follow each other are decoded together,
     * since many senders split characters. A word in an unknown charset stays as it is.
     */
    public static String decode(Bytes value) {
        String latin1 = new String(value.array(), StandardCharsets.ISO_8859_1);
        if (!latin1.contains("=?")) {
            return raw(value);
        }
        StringBuilder text = new StringBuilder();
        ByteWriter run = new ByteWriter();
        Charset runCharset = null;
        Matcher matcher = WORD.matcher(latin1);
        int end = 0;
        while (matcher.find()) {
            Charset charset = charset(matcher.group(1));
            if (charset == null) {
                continue;
            }
            String between = latin1.substring(end, matcher.start());
            // RFC 2047 6.2: white space between encoded words is not shown.
            boolean isAdjacent = runCharset != null && between.isBlank();
            if (runCharset != null && !(isAdjacent && charset.equals(runCharset))) {
                text.append(new String(run.toArray(), runCharset));
                run = new ByteWriter();
            }
            if (!isAdjacent) {
                text.append(raw(HeaderLexer.latin1(between)));
            }
            word(matcher.group(2), matcher.group(3), run);
            runCharset = charset;
            end = matcher.end();
        }
        if (runCharset != null) {
            text.append(new String(run.toArray(), runCharset));
        }
        return text.append(raw(HeaderLexer.latin1(latin1.substring(end)))).toString();
    }

    private static void word(String encoding, String content, ByteWriter out) {
        boolean isBase64 = encoding.equalsIgnoreCase("B");
        String text = isBase64 ? content : content.replace('_', ' ');
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (isBase64) {
            TransferDecoder decoder = TransferDecoder.of("BASE64");
            decoder.onBytes(bytes, 0, bytes.length, out);
            decoder.finish(out);
            return;
        }
        for (int at = 0; at < bytes.length; at++) {
            boolean isEncoded = bytes[at] == '='
                    && at + 2 < bytes.length
                    && Character.digit(bytes[at + 1], 16) >= 0
                    && Character.digit(bytes[at + 2], 16) >= 0;
            if (isEncoded) {
                out.u8(Character.digit(bytes[at + 1], 16) << 4 | Character.digit(bytes[at + 2], 16));
                at += 2;
            } else {
                out.u8(bytes[at]);
            }
        }
    }

    /**
     * The value of a parameter with its pieces put together and its charset decoded, or null. Encoded words, which
     * RFC 2047 forbids here and many senders write, are decoded too.
     */
    public static String parameter(List<Parameter> parameters, String name) {
        Bytes extended = Parameter.first(parameters, name + "*");
        if (extended != null) {
            return extended(extended);
        }
        boolean isExtended = Parameter.first(parameters, name + "*0*") != null;
        if (!isExtended && Parameter.first(parameters, name + "*0") == null) {
            Bytes plain = Parameter.first(parameters, name);
            return plain == null ? null : decode(plain);
        }
        Charset charset = StandardCharsets.UTF_8;
        ByteWriter joined = new ByteWriter();
        for (int piece = 0; piece < MAX_PIECES; piece++) {
            Bytes encoded = Parameter.first(parameters, name + "*" + piece + "*");
            Bytes plain = encoded == null ? Parameter.first(parameters, name + "*" + piece) : encoded;
            if (plain == null) {
                break;
            }
            if (encoded == null) {
                joined.raw(plain);
                continue;
            }
            String text = new String(encoded.array(), StandardCharsets.ISO_8859_1);
            if (piece == 0) {
                charset = charsetOf(text);
                text = withoutCharset(text);
            }
            percentDecode(text, joined);
        }
        return new String(joined.toArray(), charset);
    }

    private static String extended(Bytes value) {
        String text = new String(value.array(), StandardCharsets.ISO_8859_1);
        ByteWriter bytes = new ByteWriter();
        percentDecode(withoutCharset(text), bytes);
        return new String(bytes.toArray(), charsetOf(text));
    }

    /** {@code charset'language'value}. */
    private static Charset charsetOf(String text) {
        int quote = text.indexOf('\'');
        Charset charset = quote > 0 ? charset(text.substring(0, quote)) : null;
        return charset == null ? StandardCharsets.UTF_8 : charset;
    }

    private static String withoutCharset(String text) {
        int first = text.indexOf('\'');
        int second = first < 0 ? -1 : text.indexOf('\'', first + 1);
        return second < 0 ? text : text.substring(second + 1);
    }

    private static void percentDecode(String text, ByteWriter out) {
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            boolean isEncoded = c == '%'
                    && at + 2 < text.length()
                    && Character.digit(text.charAt(at + 1), 16) >= 0
                    && Character.digit(text.charAt(at + 2), 16) >= 0;
            if (isEncoded) {
                out.u8(Character.digit(text.charAt(at + 1), 16) << 4 | Character.digit(text.charAt(at + 2), 16));
                at += 2;
            } else {
                out.u8(c);
            }
        }
    }
}
