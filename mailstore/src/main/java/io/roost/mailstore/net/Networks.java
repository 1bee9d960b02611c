package io.roost.mailstore.net;

import io.roost.cluster.object.Bytes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Some networks, as of proxies that are believed in what they say of their clients.
 *
 * @param networks each of them
 */
public record Networks(List<Network> networks) {
    /** No network. */
    public static final Networks NONE = new Networks(List.of());

    /** Copies the list. */
    public Networks {
        networks = List.copyOf(networks);
    }

    /**
     * A network.
     *
     * @param address one of its addresses
     * @param bits that its addresses have in common
     */
    public record Network(Bytes address, int bits) {
        boolean contains(byte[] other) {
            if (other.length != address.length()) {
                return false;
            }
            for (int bit = 0; bit < bits; bit += 8) {
                int mask = bits - bit >= 8 ? 0xff : (0xff << (8 - (bits - bit))) & 0xff;
                if (((address.at(bit / 8) ^ other[bit / 8]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Networks as they are written.
     *
     * @param text addresses and networks ({@code 192.0.2.0/24}) with commas between them, empty for none
     * @throws IllegalArgumentException that names what is neither
     */
    public static Networks parse(String text) {
        List<Network> networks = new ArrayList<>();
        for (String each : text.isBlank() ? new String[0] : text.split(",", -1)) {
            String word = each.strip();
            int slash = word.indexOf('/');
            byte[] address = address(slash < 0 ? word : word.substring(0, slash))
                    .orElseThrow(() -> new IllegalArgumentException("'" + word + "' is no network"));
            int bits = slash < 0 ? 8 * address.length : bits(word.substring(slash + 1));
            if (bits < 0 || bits > 8 * address.length) {
                throw new IllegalArgumentException("'" + word + "' is no network");
            }
            networks.add(new Network(Bytes.wrap(address), bits));
        }
        return new Networks(networks);
    }

    private static int bits(String text) {
        return text.matches("\\d{1,3}") ? Integer.parseInt(text) : -1;
    }

    /** True for an address in figures: it is never looked up. */
    public static boolean isAddress(String text) {
        return address(text).isPresent();
    }

    private static Optional<byte[]> address(String text) {
        if (!text.matches("\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*")) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text).getAddress());
        } catch (UnknownHostException malformed) {
            return Optional.empty();
        }
    }

    /** Whether an address is of one of these. */
    public boolean contains(String text) {
        return address(text)
                .map(address -> networks.stream().anyMatch(network -> network.contains(address)))
                .orElse(false);
    }
}
