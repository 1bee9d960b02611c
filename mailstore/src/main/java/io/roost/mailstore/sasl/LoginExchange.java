package io.roost.mailstore.sasl;

import io.roost.cluster.object.Bytes;

/** LOGIN: two prompts, as Microsoft's clients have it (draft-murchison-sasl-login). */
public final class LoginExchange extends SaslExchange {
    private String user;

    @Override
    public SaslStep begin() {
        return new SaslStep.Challenge(Bytes.utf8("User Name\0"));
    }

    @Override
    SaslStep respond(Bytes response) {
        String text = SaslText.utf8(response);
        if (text == null || text.isEmpty() || text.indexOf('\0') >= 0) {
            return SaslStep.Failed.MALFORMED;
        }
        if (user == null) {
            user = text;
            return new SaslStep.Challenge(Bytes.utf8("Password\0"));
        }
        return new SaslStep.PasswordOffered(new SaslStep.Identity(user, null), text);
    }
}
