package io.roost.mailstore.lmtp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The arguments of commands: paths, parameters, xtext (RFC 5321 4.1.2, RFC 3461 4). */
final class LmtpArguments {
    /** Attributes of XCLIENT that are understood, in the order in which they are offered. */
    static final List<String> XCLIENT = List.of("ADDR", "PORT", "PROTO", "HELO", "LOGIN", "SESSION", "TTL");

    private static final Set<String> MAIL_PARAMETERS = Set.of("SIZE", "BODY", "SMTPUTF8");

    private LmtpArguments() {}

    /**
     * A path and what follows it.
     *
     * @param address without brackets and source route, may be empty
     * @param parameters names in upper case, values empty where there are none
     */
    record Path(String address, Map<String, String> parameters) {
        Path {
            parameters = new LinkedHashMap<>(parameters);
        }
    }

    /** {@code FROM:<path> parameters}, or null when it is none. */
    static Path path(String argument, String keyword) {
        if (!argument.regionMatches(true, 0, keyword, 0, keyword.length())) {
            return null;
        }
        String rest = argument.substring(keyword.length()).stripLeading();
        int end = rest.startsWith("<") ? pathEnd(rest) : -1;
        if (end < 0) {
            return null;
        }
        String address = withoutRoute(rest.substring(1, end));
        String tail = rest.substring(end + 1);
        boolean isSeparated = tail.isEmpty() || tail.charAt(0) == ' ';
        boolean isAddress = address != null
                && address.getBytes(StandardCharsets.UTF_8).length <= LmtpLimits.MAX_ADDRESS_BYTES
                && address.chars().noneMatch(c -> c < 0x20 || c == 0x7f);
        Map<String, String> parameters = parameters(tail);
        return isSeparated && isAddress && parameters != null ? new Path(address, parameters) : null;
    }

    /** Where the closing bracket is, quoted strings stepped over. */
    private static int pathEnd(String text) {
        boolean isQuoted = false;
        for (int at = 1; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == '"') {
                isQuoted = !isQuoted;
            } else if (!isQuoted && (c == '>' || c == '<' || c == ' ')) {
                return c == '>' ? at : -1;
            }
        }
        return -1;
    }

    /** RFC 5321 appendix C: a source route is stripped. */
    private static String withoutRoute(String path) {
        if (!path.startsWith("@")) {
            return path;
        }
        int colon = path.indexOf(':');
        return colon < 0 ? null : path.substring(colon + 1);
    }

    /** {@code NAME=value NAME ...}, or null. */
    static Map<String, String> parameters(String text) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String each : text.strip().split(" +", -1)) {
            if (each.isEmpty()) {
                continue;
            }
            int equals = each.indexOf('=');
            String name = equals < 0 ? each : each.substring(0, equals);
            boolean isName = !name.isEmpty() && name.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '-');
            String value = equals < 0 ? "" : each.substring(equals + 1);
            if (!isName || parameters.put(name.toUpperCase(Locale.ROOT), value) != null) {
                return null;
            }
        }
        return parameters;
    }

    /** What MAIL says of the message's size, or {@link LmtpEnvelope#UNKNOWN_SIZE}. */
    static long announcedBytes(Path path) {
        String size = path.parameters().get("SIZE");
        return size == null ? LmtpEnvelope.UNKNOWN_SIZE : number(size);
    }

    /** What is answered to MAIL with a path that is of the grammar. */
    static LmtpReply mailReply(Path path, LmtpLimits limits) {
        String size = path.parameters().get("SIZE");
        String body = path.parameters().getOrDefault("BODY", "8BITMIME").toUpperCase(Locale.ROOT);
        String utf8 = path.parameters().getOrDefault("SMTPUTF8", "");
        if (!MAIL_PARAMETERS.containsAll(path.parameters().keySet())) {
            return LmtpReply.UNKNOWN_PARAMETER;
        }
        boolean isBody = body.equals("7BIT") || body.equals("8BITMIME");
        if (!isBody || !utf8.isEmpty() || (size != null && number(size) < 0)) {
            return LmtpReply.SYNTAX_ERROR;
        }
        if (announcedBytes(path) > limits.messageBytes()) {
            return LmtpReply.TOO_BIG;
        }
        boolean isAllowed = path.parameters().containsKey("SMTPUTF8") || isAscii(path.address());
        return isAllowed ? LmtpReply.SENDER_OK : LmtpReply.NEEDS_SMTPUTF8;
    }

    /** A number of up to 18 digits, or -1. */
    static long number(String text) {
        boolean isNumber =
                !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? Long.parseLong(text) : -1;
    }

    static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    /** {@code +2B} in place of a plus sign and of what is not printable (RFC 3461 4), or null. */
    static String xtext(String text) {
        List<Byte> bytes = new ArrayList<>();
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < raw.length; at++) {
            if (raw[at] != '+') {
                bytes.add(raw[at]);
                continue;
            }
            int high = at + 2 < raw.length ? Character.digit(raw[at + 1], 16) : -1;
            int low = at + 2 < raw.length ? Character.digit(raw[at + 2], 16) : -1;
            if (high < 0 || low < 0) {
                return null;
            }
            bytes.add((byte) (high << 4 | low));
            at += 2;
        }
        byte[] decoded = new byte[bytes.size()];
        for (int i = 0; i < decoded.length; i++) {
            decoded[i] = bytes.get(i);
        }
        return new String(decoded, StandardCharsets.UTF_8);
    }

    /** What XCLIENT says, over what was known; null when it is malformed. */
    static LmtpClient xclient(String argument, LmtpClient known) {
        Map<String, String> attributes = parameters(argument);
        if (attributes == null || attributes.isEmpty() || !XCLIENT.containsAll(attributes.keySet())) {
            return null;
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            String value = xtext(attribute.getValue());
            if (value == null || value.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
                return null;
            }
            boolean isKnown = !value.equalsIgnoreCase("[UNAVAILABLE]") && !value.equalsIgnoreCase("[TEMPUNAVAIL]");
            values.put(attribute.getKey(), isKnown ? value : "");
        }
        String address = values.getOrDefault("ADDR", known.address());
        if (address.regionMatches(true, 0, "IPV6:", 0, 5)) {
            address = address.substring(5);
        }
        long port = values.containsKey("PORT") ? number(values.get("PORT")) : known.port();
        return new LmtpClient(
                address,
                port < 0 || port > 0xffff ? 0 : (int) port,
                values.getOrDefault("HELO", known.helo()),
                values.getOrDefault("PROTO", known.protocol()),
                values.getOrDefault("SESSION", known.session()),
                values.getOrDefault("LOGIN", known.login()));
    }
}
