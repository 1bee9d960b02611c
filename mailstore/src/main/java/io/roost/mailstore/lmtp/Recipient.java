package io.roost.mailstore.lmtp;

import io.roost.mailstore.mailbox.MailUser;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which user an address means. */
final class Recipient {
    private Recipient() {}

    /**
     * Names of users that may be meant, the first that exists is: the address, the address without its detail ({@code
     * user+detail@domain}, RFC 5233), and both without the domain.
     */
    static List<String> names(String address) {
        int at = address.lastIndexOf('@');
        String local = unquoted(at < 0 ? address : address.substring(0, at));
        String domain = at < 0 ? "" : address.substring(at);
        int plus = local.indexOf('+');
        String plain = plus > 0 ? local.substring(0, plus) : local;
        Set<String> names = new LinkedHashSet<>();
        for (String name : List.of(local + domain, plain + domain, local, plain)) {
            String normalized = MailUser.normalized(name);
            if (MailUser.isName(normalized)) {
                names.add(normalized);
            }
        }
        return new ArrayList<>(names);
    }

    /** A local part without its quotes (RFC 5321 4.1.2). */
    private static String unquoted(String local) {
        boolean isQuoted = local.length() >= 2 && local.startsWith("\"") && local.endsWith("\"");
        return isQuoted ? local.substring(1, local.length() - 1).replaceAll("\\\\(.)", "$1") : local;
    }
}
