package io.roost.cluster.identity;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A key pair on the curve P-256: of a node, or of the certificate authority.
 *
 * @param privateKey never leaves the process and its folder
 * @param publicKey what a certificate certifies
 */
public record NodeKey(PrivateKey privateKey, PublicKey publicKey) {
    /** The order of P-256 in bits; with it and the platform's own check of points no other curve passes. */
    private static final int ORDER_BITS = 256;

    static final String SIGNATURE = "SHA256withECDSA";

    /** {@link #SIGNATURE} in a request or certificate (RFC 5758, 3.2). */
    static final String SIGNATURE_OID = "1.2.840.10045.4.3.2";

    /** A new key. */
    public static NodeKey generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair pair = generator.generateKeyPair();
            return new NodeKey(pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("P-256 is part of every Java platform", e);
        }
    }

    /** True for a point on P-256. */
    static boolean isAccepted(PublicKey key) {
        return key instanceof ECPublicKey ec
                && ec.getParams().getOrder().bitLength() == ORDER_BITS
                && ec.getParams().getCurve().getField().getFieldSize() == ORDER_BITS
                && !ec.getW().equals(ECPoint.POINT_INFINITY);
    }

    ContentSigner signer() {
        try {
            return new JcaContentSignerBuilder(SIGNATURE).build(privateKey);
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("ECDSA with SHA-256 is part of every Java platform", e);
        }
    }

    /** Leaves the private key out. */
    @Override
    public String toString() {
        return "NodeKey[" + publicKey + "]";
    }
}
