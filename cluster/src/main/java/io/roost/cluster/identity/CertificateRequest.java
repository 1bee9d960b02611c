package io.roost.cluster.identity;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * A public key whose owner has shown that it has the private one (PKCS #10, RFC 2986). Which names the certificate will carry
 * is for whoever signs; names in the request mean nothing.
 *
 * @param der the request
 * @param publicKey to be certified, on P-256
 */
public record CertificateRequest(Bytes der, PublicKey publicKey) {
    /** Longest request: one for P-256 has about 220 bytes. */
    public static final int MAX_BYTES = 2048;

    /** A request for a key. */
    public static CertificateRequest of(NodeKey key) {
        try {
            byte[] der = new JcaPKCS10CertificationRequestBuilder(new X500Name("O=Roost"), key.publicKey())
                    .build(key.signer())
                    .getEncoded();
            return new CertificateRequest(Bytes.wrap(der), key.publicKey());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a request from a peer, checking its signature and its kind of key.
     *
     * @throws MalformedBytesException when it is none, or its signature or key does not fit
     */
    public static CertificateRequest parse(Bytes der) {
        if (der.length() > MAX_BYTES) {
            throw new MalformedBytesException("a certificate request of " + der.length() + " bytes");
        }
        try {
            PKCS10CertificationRequest request = new PKCS10CertificationRequest(der.array());
            PublicKey key = new JcaPKCS10CertificationRequest(request).getPublicKey();
            if (!NodeKey.isAccepted(key)) {
                throw new MalformedBytesException("a certificate request for a key that is not on P-256");
            }
            boolean signed = NodeKey.SIGNATURE_OID.equals(
                            request.getSignatureAlgorithm().getAlgorithm().getId())
                    && request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key));
            if (!signed) {
                throw new MalformedBytesException("a certificate request whose signature does not fit");
            }
            return new CertificateRequest(der, key);
        } catch (MalformedBytesException malformed) {
            throw malformed;
        } catch (IOException
                | GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                | RuntimeException e) {
            // The parser answers some malformed bytes with exceptions of any kind.
            throw new MalformedBytesException("no certificate request: " + e.getMessage());
        }
    }
}
