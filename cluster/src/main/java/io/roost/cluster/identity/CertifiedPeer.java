package io.roost.cluster.identity;

import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What a node's certificate says, as its subject alternative names: {@code roost://FSID/osd.3} for every entity that the node
 * may speak for.
 *
 * @param fsid of the cluster
 * @param entities at least one
 * @param notAfter when the certificate expires
 */
public record CertifiedPeer(UUID fsid, Set<EntityName> entities, Instant notAfter) {
    /** Most entities of one certificate: a node with more disks than this has two certificates. */
    public static final int MAX_ENTITIES = 128;

    private static final int URI_NAME = 6;
    private static final String SCHEME = "roost";

    /** Copies the entities. */
    public CertifiedPeer {
        entities = Set.copyOf(entities);
        if (entities.isEmpty() || entities.size() > MAX_ENTITIES) {
            throw new IllegalArgumentException("a certificate of " + entities.size() + " entities");
        }
    }

    /**
     * Reads a certificate of a node; whether it is to be trusted is {@link ClusterTrust}'s question.
     *
     * @throws CertificateException when it is none of a node
     */
    public static CertifiedPeer of(X509Certificate certificate) throws CertificateException {
        Set<UUID> fsids = new TreeSet<>();
        Set<EntityName> entities = new TreeSet<>();
        try {
            for (URI uri : uris(certificate)) {
                fsids.add(UUID.fromString(uri.getHost()));
                entities.add(EntityName.parse(uri.getPath().substring(1)));
            }
            if (fsids.size() != 1) {
                throw new CertificateException("a certificate for " + fsids.size() + " clusters");
            }
            return new CertifiedPeer(
                    fsids.iterator().next(), entities, certificate.getNotAfter().toInstant());
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new CertificateException("no certificate of a node: " + e.getMessage(), e);
        }
    }

    static String uri(UUID fsid, EntityName entity) {
        return uri(fsid) + "/" + entity;
    }

    static String uri(UUID fsid) {
        return SCHEME + "://" + fsid;
    }

    /** The names of a certificate that are of this kind. */
    static List<URI> uris(X509Certificate certificate) throws CertificateException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        if (names == null) {
            return List.of();
        }
        return names.stream()
                .filter(name -> name.get(0).equals(URI_NAME))
                .map(name -> URI.create((String) name.get(1)))
                .filter(uri -> SCHEME.equals(uri.getScheme()) && uri.getHost() != null)
                .toList();
    }
}
