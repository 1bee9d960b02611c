package io.roost.mailstore.sasl;

import io.roost.cluster.object.Bytes;

/** PLAIN (RFC 4616): {@code [authzid] NUL authcid NUL passwd}. */
public final class PlainExchange extends SaslExchange {
    @Override
    public SaslStep begin() {
        return new SaslStep.Challenge(Bytes.EMPTY);
    }

    @Override
    SaslStep respond(Bytes response) {
        String text = SaslText.utf8(response);
        if (text == null) {
            return SaslStep.Failed.MALFORMED;
        }
        String[] parts = text.split("\0", -1);
        if (parts.length != 3 || parts[1].isEmpty() || parts[2].isEmpty()) {
            return SaslStep.Failed.MALFORMED;
        }
        String actsFor = parts[0].isEmpty() ? null : parts[0];
        return new SaslStep.PasswordOffered(new SaslStep.Identity(parts[1], actsFor), parts[2]);
    }
}
