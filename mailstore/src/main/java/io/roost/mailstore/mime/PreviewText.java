package io.roost.mailstore.mime;

import io.roost.cluster.object.ByteWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** The first words of a message as PREVIEW tells them (RFC 8970): of its first text, without markup, on one line. */
public final class PreviewText {
    /** Longest preview (RFC 8970 3.2). */
    public static final int MAX_CHARACTERS = 200;

    /** Bytes of a part that a preview is made of: mails of shops begin with kilobytes of styles. */
    public static final int MAX_SOURCE_BYTES = 64 * 1024;

    private static final Map<String, String> ENTITIES = Map.of(
            "amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'", "nbsp", " ", "shy", "", "zwnj", "", "zwj", "");
    private static final int LONGEST_ENTITY = 10;

    private PreviewText() {}

    /** The part that a preview is made of, or null: the first plain text that is no attachment, else the first HTML. */
    public static MimePart source(MimePart message) {
        MimePart plain = first(message, "plain");
        return plain == null ? first(message, "html") : plain;
    }

    private static MimePart first(MimePart part, String subtype) {
        MimePart.Disposition disposition = part.fields().disposition();
        if (disposition != null && disposition.type().equalsIgnoreCase("attachment")) {
            return null;
        }
        if (part.type().isText()) {
            return part.type().subtype().equals(subtype) ? part : null;
        }
        for (MimePart child : part.children()) {
            MimePart found = first(child, subtype);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /**
     * The preview of a part.
     *
     * @param body the beginning of its body, encoded as it is; at most {@link #MAX_SOURCE_BYTES} are looked at
     */
    public static String of(MimePart part, byte[] body) {
        TransferDecoder decoder = TransferDecoder.of(part.fields().encoding());
        if (decoder == null) {
            return "";
        }
        ByteWriter decoded = new ByteWriter();
        decoder.onBytes(body, 0, Math.min(body.length, MAX_SOURCE_BYTES), decoded);
        decoder.finish(decoded);
        String text = new String(decoded.toArray(), charset(part));
        return oneLine(part.type().subtype().equals("html") ? withoutMarkup(text) : text);
    }

    private static Charset charset(MimePart part) {
        var name = part.type().parameter("charset");
        Charset charset = name == null ? null : HeaderText.charset(name.utf8());
        return charset == null || charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : charset;
    }

    /** White space becomes one space; what cannot be shown is left out. */
    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder();
        boolean isGap = false;
        int characters = 0;
        for (int at = 0; at < text.length() && characters < MAX_CHARACTERS; ) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                isGap = true;
                continue;
            }
            int type = Character.getType(c);
            if (type == Character.CONTROL || type == Character.FORMAT || type == Character.SURROGATE || c == 0xfffd) {
                continue;
            }
            if (isGap && line.length() > 0) {
                line.append(' ');
                characters++;
                if (characters == MAX_CHARACTERS) {
                    break;
                }
            }
            isGap = false;
            line.appendCodePoint(c);
            characters++;
        }
        return line.toString().strip();
    }

    /** The text of HTML: without tags, comments, styles and scripts. */
    private static String withoutMarkup(String html) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < html.length()) {
            char c = html.charAt(at);
            if (c == '<') {
                text.append(' ');
                at = afterTag(html, at);
            } else if (c == '&') {
                at = entity(html, at, text);
            } else {
                text.append(c);
                at++;
            }
        }
        return text.toString();
    }

    private static int afterTag(String html, int begin) {
        if (html.startsWith("<!--", begin)) {
            int end = html.indexOf("-->", begin);
            return end < 0 ? html.length() : end + 3;
        }
        int end = html.indexOf('>', begin);
        if (end < 0) {
            return html.length();
        }
        for (String hidden : new String[] {"style", "script", "head", "title"}) {
            if (isTag(html, begin + 1, hidden)) {
                return afterElement(html, end, hidden);
            }
        }
        return end + 1;
    }

    private static boolean isTag(String html, int at, String name) {
        int end = at + name.length();
        return html.regionMatches(true, at, name, 0, name.length())
                && end < html.length()
                && !Character.isLetterOrDigit(html.charAt(end));
    }

    private static int afterElement(String html, int from, String name) {
        int at = html.indexOf("</", from);
        while (at >= 0) {
            if (isTag(html, at + 2, name)) {
                int end = html.indexOf('>', at);
                return end < 0 ? html.length() : end + 1;
            }
            at = html.indexOf("</", at + 2);
        }
        return html.length();
    }

    /** Appends what an entity stands for, or its ampersand. */
    private static int entity(String html, int begin, StringBuilder text) {
        int end = html.indexOf(';', begin);
        if (end > begin + 1 && end - begin <= LONGEST_ENTITY) {
            String name = html.substring(begin + 1, end);
            String character = name.charAt(0) == '#' ? numeric(name) : ENTITIES.get(name.toLowerCase(Locale.ROOT));
            if (character != null) {
                text.append(character);
                return end + 1;
            }
        }
        text.append('&');
        return begin + 1;
    }

    private static String numeric(String name) {
        boolean isHex = name.length() > 1 && (name.charAt(1) == 'x' || name.charAt(1) == 'X');
        try {
            int character = Integer.parseInt(name.substring(isHex ? 2 : 1), isHex ? 16 : 10);
            return Character.isValidCodePoint(character) ? Character.toString(character) : null;
        } catch (NumberFormatException malformed) {
            return null;
        }
    }
}
