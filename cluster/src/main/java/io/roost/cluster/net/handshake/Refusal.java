package io.roost.cluster.net.handshake;

import io.roost.cluster.object.MalformedBytesException;
import java.util.Locale;

/** Why a peer was turned away. Each is counted on its own. */
public enum Refusal {
    /** What it sent first was no TLS. */
    PLAIN_TEXT(1),
    /** TLS failed: another version of it, no common cipher, the peer does not trust us. */
    TLS(2),
    /** It has no certificate, and this is not a monitor that lets nodes join. */
    NO_CERTIFICATE(3),
    /** Its certificate is not one that this cluster's authority issued, or not valid now. */
    FOREIGN_CERTIFICATE(4),
    /** It did not say who it is in time. */
    TIMEOUT(5),
    /** What it sent are no frames, or no messages. */
    MALFORMED(6),
    /** It is of another cluster. */
    WRONG_CLUSTER(7),
    /** It speaks no version of the protocol that is spoken here. */
    VERSION(8),
    /** Its certificate does not let it speak for the entity that it says it is. */
    WRONG_ENTITY(9),
    /** The entity it looks for is not here. */
    UNKNOWN_ENTITY(10),
    /** It looks for an entity in a life that has ended, or comes from one. */
    WRONG_LIFE(11),
    /** The maps do not have it. */
    NOT_A_MEMBER(12),
    /** Its handshake repeats another one. */
    REPLAYED(13),
    /** It sent what nobody sends at that point. */
    UNEXPECTED(14),
    /** There are as many connections as there may be. */
    TOO_MANY(15),
    /** Its join token is none of this cluster. */
    TOKEN_UNKNOWN(16),
    /** Its join token has expired. */
    TOKEN_EXPIRED(17),
    /** Its join token has let another node in. */
    TOKEN_USED(18),
    /** Another node has the name that it wants. */
    NAME_TAKEN(19),
    /** The monitor could not decide just now; trying again may help. */
    UNAVAILABLE(20),
    /** It kept a message unfinished for too long. */
    TRICKLE(21),
    /** It does not read what it is sent. */
    SLOW_READER(22);

    private final int code;

    Refusal(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** The name in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Refusal ofCode(int code) {
        for (Refusal refusal : values()) {
            if (refusal.code == code) {
                return refusal;
            }
        }
        throw new MalformedBytesException("refusal " + code);
    }
}
