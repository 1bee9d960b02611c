package io.roost.mailstore.net;

import io.roost.cluster.object.Bytes;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/** {@code tls-server-end-point} (RFC 5929 4): the hash of the certificate that a server has shown. */
final class ChannelBinding {
    private ChannelBinding() {}

    /** That of a session's own side; empty where the RFC does not define it. */
    static Optional<Bytes> of(SSLSession session) {
        Certificate[] shown = session.getLocalCertificates();
        return shown != null && shown.length > 0 && shown[0] instanceof X509Certificate certificate
                ? of(certificate)
                : Optional.empty();
    }

    static Optional<Bytes> of(X509Certificate certificate) {
        String signed = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        int with = signed.indexOf("WITH");
        if (with < 0) {
            return Optional.empty();
        }
        String digest = signed.substring(0, with);
        try {
            // RFC 5929 4.1: SHA-256 takes the place of those that are too weak.
            boolean isWeak = digest.equals("MD5") || digest.equals("SHA1");
            String name = isWeak ? "SHA-256" : digest.replaceFirst("^SHA(?=[2-9])", "SHA-");
            return Optional.of(Bytes.wrap(MessageDigest.getInstance(name).digest(certificate.getEncoded())));
        } catch (GeneralSecurityException unknown) {
            return Optional.empty();
        }
    }
}
