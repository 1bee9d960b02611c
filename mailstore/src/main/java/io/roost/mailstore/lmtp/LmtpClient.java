package io.roost.mailstore.lmtp;

/**
 * Who sends, as far as it is known: the peer of the connection, or what a trusted proxy says of its own client (XCLIENT).
 *
 * @param address IP address, or empty
 * @param port or 0
 * @param helo the name that the client calls itself, or empty
 * @param protocol that the client speaks: LMTP, ESMTP ...
 * @param session the proxy's name for the session, or empty
 * @param login user that the client is logged in as, or empty
 */
public record LmtpClient(String address, int port, String helo, String protocol, String session, String login) {
    /** The peer of a connection. */
    public static LmtpClient ofPeer(String address, int port) {
        return new LmtpClient(address, port, "", "LMTP", "", "");
    }

    LmtpClient withHelo(String name) {
        return new LmtpClient(address, port, name, protocol, session, login);
    }
}
