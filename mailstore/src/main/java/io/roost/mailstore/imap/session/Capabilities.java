package io.roost.mailstore.imap.session;

import io.roost.mailstore.imap.session.SessionSettings.Passwords;
import io.roost.mailstore.imap.session.SessionSettings.Phase;
import io.roost.mailstore.imap.session.SessionSettings.TlsState;
import java.util.ArrayList;
import java.util.List;

/** What CAPABILITY tells in each state (RFC 9051 7.2.2). */
final class Capabilities {
    private static final String REV2 = "IMAP4rev2";

    private Capabilities() {}

    static boolean mayUsePasswords(SessionSettings settings, TlsState tls) {
        return settings.passwords() == Passwords.ANYWHERE || tls.phase() == Phase.ACTIVE;
    }

    static List<String> of(SessionSettings settings, TlsState tls, boolean isAuthenticated) {
        List<String> all = new ArrayList<>(List.of("IMAP4rev1"));
        if (isAuthenticated) {
            all.addAll(settings.capabilities());
            return all;
        }
        if (settings.capabilities().contains(REV2)) {
            all.add(REV2);
        }
        all.addAll(List.of("LITERAL+", "SASL-IR", "ID", "ENABLE"));
        if (tls.phase() == Phase.OFFERED) {
            all.add("STARTTLS");
        }
        if (mayUsePasswords(settings, tls)) {
            all.addAll(List.of("AUTH=PLAIN", "AUTH=LOGIN"));
        } else {
            all.add("LOGINDISABLED");
        }
        all.add("AUTH=SCRAM-SHA-256");
        if (tls.channelBinding() != null) {
            all.add("AUTH=SCRAM-SHA-256-PLUS");
        }
        return all;
    }
}
