package io.roost.deploy;

import io.roost.objectstore.http.SelfSignedCertificate;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;

/** The certificate that a node makes for itself: kept in its folder, so that clients can be given it, once, to trust. */
final class NodeCertificate {
    /** In a data folder: what clients trust. */
    static final String FILE = "tls-certificate.pem";

    /** In a data folder: the certificate's private key. */
    static final String KEY_FILE = "tls-key.pem";

    /** One that ends sooner is replaced at a start: a server should not outlive its certificate. */
    private static final Duration RENEWAL = Duration.ofDays(30);

    private NodeCertificate() {}

    /** The one that the folder keeps, or a new one, which is kept when this returns. */
    static SelfSignedCertificate of(NodeFolder folder, Instant now, SecureRandom random) {
        String certificate = folder.read(FILE);
        String key = folder.read(KEY_FILE);
        if (certificate != null && key != null) {
            SelfSignedCertificate kept = new SelfSignedCertificate(certificate, key);
            if (isValid(kept, folder, now)) {
                return kept;
            }
        }
        SelfSignedCertificate made = SelfSignedCertificate.forDevelopment(now, random);
        // Where there is a certificate, the key beside it is its own, whenever a start may have been cut off.
        folder.delete(FILE);
        folder.write(KEY_FILE, made.keyPem());
        folder.write(FILE, made.certificatePem());
        return made;
    }

    private static boolean isValid(SelfSignedCertificate kept, NodeFolder folder, Instant now) {
        try {
            return kept.isValid(now, now.plus(RENEWAL));
        } catch (CertificateException failure) {
            throw new CommandFailure(
                    CommandFailure.COULD_NOT_RUN,
                    folder.path().resolve(FILE) + " is no certificate; remove it, and a new one is made");
        }
    }
}
