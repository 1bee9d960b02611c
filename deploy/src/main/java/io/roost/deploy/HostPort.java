package io.roost.deploy;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where something listens.
 *
 * @param host name or address
 * @param port 0 to 65535
 */
record HostPort(String host, int port) {
    /** The messenger's usual port. */
    static final int MESSENGER_PORT = 9441;

    private static final Pattern TEXT = Pattern.compile("\\[?([^\\[\\]/\\s]+?)\\]?(?::([0-9]{1,5}))?");

    /** Reads HOST or HOST:PORT, an IPv6 address in brackets; empty when it is none. */
    static Optional<HostPort> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        boolean isPlainIpv6 = text.indexOf(':') != text.lastIndexOf(':') && !text.startsWith("[");
        if (!parts.matches() || isPlainIpv6) {
            return Optional.empty();
        }
        int port = parts.group(2) == null ? MESSENGER_PORT : Integer.parseInt(parts.group(2));
        return port > 65_535 ? Optional.empty() : Optional.of(new HostPort(parts.group(1), port));
    }

    /** HOST:PORT. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
