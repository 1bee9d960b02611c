package io.roost.mailstore.net;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.X509KeyManager;

/**
 * What a server shows its clients.
 *
 * @param chainPem its certificate, and those that vouch for it
 * @param keyPem the certificate's private key
 */
public record Certificate(Buffer chainPem, Buffer keyPem) {
    /** Kinds of keys, each with a signature that tells whether a key is that of a certificate. */
    private static final Map<String, String> KEYS =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    /** Checks that neither is null. */
    public Certificate {
        Objects.requireNonNull(chainPem, "chainPem");
        Objects.requireNonNull(keyPem, "keyPem");
    }

    /**
     * Checks that both can be read and belong together: a server goes on with the certificate that it has when one of two
     * files is replaced before the other. Blocks for as long as a signature takes.
     *
     * @throws GeneralSecurityException when they do not
     */
    public void check(Vertx vertx) throws GeneralSecurityException {
        X509KeyManager keys = keys(vertx);
        for (Map.Entry<String, String> kind : KEYS.entrySet()) {
            String[] names = keys.getServerAliases(kind.getKey(), null);
            if (names != null && names.length > 0) {
                check(keys.getPrivateKey(names[0]), keys.getCertificateChain(names[0])[0], kind.getValue());
                return;
            }
        }
        throw new GeneralSecurityException("no certificate with a key that is known");
    }

    private X509KeyManager keys(Vertx vertx) throws GeneralSecurityException {
        try {
            return (X509KeyManager) pem().getKeyManagerFactory(vertx).getKeyManagers()[0];
        } catch (Exception unreadable) {
            throw new GeneralSecurityException("not readable: " + unreadable.getMessage(), unreadable);
        }
    }

    private static void check(PrivateKey key, X509Certificate certificate, String algorithm)
            throws GeneralSecurityException {
        byte[] sample = "does this key belong to this certificate?".getBytes(StandardCharsets.US_ASCII);
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(sample);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(sample);
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException("the key is not that of the certificate");
        }
    }

    PemKeyCertOptions pem() {
        return new PemKeyCertOptions().addCertValue(chainPem).addKeyValue(keyPem);
    }

    ServerSSLOptions options() {
        return new ServerSSLOptions().setKeyCertOptions(pem());
    }
}
