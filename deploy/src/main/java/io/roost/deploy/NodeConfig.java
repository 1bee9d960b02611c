package io.roost.deploy;

import io.roost.cluster.map.NodeAddress;
import io.roost.mailstore.net.Networks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A node's configuration: defaults, over them one YAML file, over it environment variables ({@code ROOST_S3_SIGNATURE_V2}
 * is {@code s3.signature-v2}), over them the command line.
 *
 * @param s3 the S3 gateway
 * @param admin the admin API
 * @param store the local store
 * @param mail the mail servers
 * @param cluster the node's part in a cluster of several; empty for a cluster of one
 */
public record NodeConfig(S3 s3, Admin admin, Store store, Mail mail, Optional<Cluster> cluster) {
    /** Which regions a signature may name. */
    public enum AcceptRegion {
        /** Ours only. */
        OWN,
        /** Every one: for development. */
        ANY
    }

    /**
     * The S3 gateway.
     *
     * @param host address to bind to
     * @param port 0 for a free one
     * @param region of the cluster
     * @param acceptRegion which regions a signature may name
     * @param domain for virtual-host addressing
     * @param signatureV2 whether signatures of version 2 are accepted
     * @param tls encryption
     * @param bodyBudgetBytes memory for the bodies of requests, and as much again for those of answers
     * @param bodyPatience a piece of a body that a client takes longer for is given up when others wait as long for its
     *     memory
     */
    public record S3(
            String host,
            int port,
            String region,
            AcceptRegion acceptRegion,
            String domain,
            boolean signatureV2,
            Tls tls,
            long bodyBudgetBytes,
            Duration bodyPatience) {}

    /** Encryption of a gateway. */
    public sealed interface Tls {
        /** None. */
        record Off() implements Tls {}

        /** With a certificate of our own making, for localhost and the S3 domain; see {@link NodeCertificate}. */
        record SelfSigned() implements Tls {}

        /**
         * With a certificate of the operator's.
         *
         * @param certificate PEM file with the chain
         * @param key PEM file
         */
        record Files(Path certificate, Path key) implements Tls {}
    }

    /**
     * The admin API.
     *
     * @param port 0 for a free one
     */
    public record Admin(int port) {}

    /**
     * The local store.
     *
     * @param capacityBytes how much of the disk it may take, {@link Long#MAX_VALUE} for all that is free
     * @param inlineBytes bodies up to this size are kept in the key-value store
     * @param blockCacheBytes memory for rows read
     * @param memtableBytes memory for rows written
     */
    public record Store(long capacityBytes, int inlineBytes, long blockCacheBytes, long memtableBytes) {}

    /**
     * The mail servers. Without TLS passwords are taken over the loopback interface only.
     *
     * @param isOn whether the node has any
     * @param host address to bind to
     * @param imapPort 0 for a free one; TLS begins when the client asks for it
     * @param imapsPort 0 for a free one; TLS from the beginning, not opened without a certificate
     * @param lmtpPort 0 for a free one
     * @param dictPort of Dovecot's dict protocol, which has no login, for this machine and trusted networks; 0 for a free
     *     one, empty for none
     * @param dictSocket UNIX socket for the same, if there is to be one
     * @param name that the LMTP server calls itself
     * @param bucket where bodies are; made with prefix placement when it does not exist
     * @param tls their certificate, mostly that of the S3 gateway
     * @param trusted whose word is taken for who its clients are: proxies
     * @param usersFile users whose secrets are not the cluster's, and masters
     * @param keepExpunged how long expunged messages can be had back, zero for not at all
     * @param connectionsPerUser of IMAP
     * @param connectionsPerAddress of IMAP and LMTP; those of this machine are not counted
     */
    public record Mail(
            boolean isOn,
            String host,
            int imapPort,
            int imapsPort,
            int lmtpPort,
            Optional<Integer> dictPort,
            Optional<Path> dictSocket,
            String name,
            String bucket,
            Tls tls,
            Networks trusted,
            Optional<Path> usersFile,
            Duration keepExpunged,
            int connectionsPerUser,
            int connectionsPerAddress) {}

    /**
     * A node's part in a cluster of several.
     *
     * @param name of the node, as in its certificate; of its host in the CRUSH map too
     * @param host to listen on for other nodes, and as they find it
     * @param port 0 for a free one
     * @param monitor name of the monitor that runs here
     * @param osds ids of those that run here
     * @param detours where another node listens → where it is dialled instead: a proxy between them
     */
    public record Cluster(
            String name,
            String host,
            int port,
            Optional<String> monitor,
            List<Integer> osds,
            Map<NodeAddress, NodeAddress> detours) {
        /** Copies ids and detours. */
        public Cluster {
            osds = List.copyOf(osds);
            detours = Map.copyOf(detours);
        }
    }

    /** Checks that nothing is null. */
    public NodeConfig {
        Objects.requireNonNull(cluster, "cluster");
        Objects.requireNonNull(s3, "s3");
        Objects.requireNonNull(admin, "admin");
        Objects.requireNonNull(store, "store");
        Objects.requireNonNull(mail, "mail");
    }

    /** Every setting with its default, as {@code roost dev} runs when nothing else is said. */
    static Map<String, String> defaults() {
        return Map.ofEntries(
                Map.entry("s3.host", "127.0.0.1"),
                Map.entry("s3.port", "9000"),
                Map.entry("s3.region", "us-east-1"),
                Map.entry("s3.accept-region", "any"),
                Map.entry("s3.domain", "s3.localhost"),
                Map.entry("s3.signature-v2", "false"),
                Map.entry("s3.tls", "off"),
                Map.entry("s3.tls-certificate", ""),
                Map.entry("s3.tls-key", ""),
                Map.entry("s3.body-budget-mib", "128"),
                Map.entry("s3.body-patience-seconds", "20"),
                Map.entry("admin.port", "0"),
                Map.entry("mail.listen", "off"),
                Map.entry("mail.host", "127.0.0.1"),
                Map.entry("mail.imap-port", "1143"),
                Map.entry("mail.imaps-port", "1993"),
                Map.entry("mail.lmtp-port", "1024"),
                Map.entry("mail.dict-port", "off"),
                Map.entry("mail.dict-socket", ""),
                Map.entry("mail.tls-certificate", ""),
                Map.entry("mail.tls-key", ""),
                Map.entry("mail.trusted-networks", ""),
                Map.entry("mail.users-file", ""),
                Map.entry("mail.keep-expunged-days", "14"),
                Map.entry("mail.connections-per-user", "50"),
                Map.entry("mail.connections-per-address", "500"),
                Map.entry("mail.name", "localhost"),
                Map.entry("mail.bucket", "mail"),
                Map.entry("store.capacity-mib", "0"),
                Map.entry("store.inline-kib", "3"),
                Map.entry("store.block-cache-mib", "64"),
                Map.entry("store.memtable-mib", "32"));
    }

    /** Every setting of {@code roost node} with its default: those of {@code dev}, and the section {@code cluster}. */
    static Map<String, String> nodeDefaults() {
        Map<String, String> defaults = new HashMap<>(defaults());
        defaults.put("cluster.name", "");
        defaults.put("cluster.listen", "");
        defaults.put("cluster.monitor", "off");
        defaults.put("cluster.osds", "");
        defaults.put("cluster.dial", "");
        return defaults;
    }

    /** As {@link #of}, of a node of a cluster. */
    static NodeConfig ofNode(Settings settings) {
        NodeConfig rest = of(settings);
        return new NodeConfig(rest.s3, rest.admin, rest.store, rest.mail, Optional.of(cluster(settings)));
    }

    /** The configuration of settings, each checked; a {@link CommandFailure} names what is wrong and where it was said. */
    static NodeConfig of(Settings settings) {
        long capacityMib = settings.number("store.capacity-mib", 0, 1L << 40);
        return new NodeConfig(
                new S3(
                        settings.text("s3.host"),
                        (int) settings.number("s3.port", 0, 65535),
                        settings.text("s3.region"),
                        AcceptRegion.valueOf(
                                settings.oneOf("s3.accept-region", "own", "any").toUpperCase(java.util.Locale.ROOT)),
                        settings.text("s3.domain"),
                        settings.oneOf("s3.signature-v2", "true", "false").equals("true"),
                        s3Tls(settings),
                        settings.number("s3.body-budget-mib", 16, 1 << 20) << 20,
                        Duration.ofSeconds(settings.number("s3.body-patience-seconds", 1, 3600))),
                new Admin((int) settings.number("admin.port", 0, 65535)),
                new Store(
                        capacityMib == 0 ? Long.MAX_VALUE : capacityMib << 20,
                        (int) settings.number("store.inline-kib", 0, 1024) << 10,
                        settings.number("store.block-cache-mib", 8, 1 << 20) << 20,
                        settings.number("store.memtable-mib", 8, 1 << 20) << 20),
                mail(settings),
                Optional.empty());
    }

    private static Cluster cluster(Settings settings) {
        String listen = settings.text("cluster.listen");
        HostPort address = HostPort.parse(listen)
                .orElseThrow(() -> settings.wrong("cluster.listen", "'" + listen + "' is no HOST:PORT"));
        String name = settings.text("cluster.name");
        String monitor = settings.text("cluster.monitor");
        if (!isEntity(name)) {
            throw settings.wrong("cluster.name", "'" + name + "' is no name of a node: lower-case letters, digits, -");
        }
        if (!isEntity(monitor)) {
            throw settings.wrong("cluster.monitor", "'" + monitor + "' is no name of a monitor, nor off");
        }
        List<Integer> osds = new ArrayList<>();
        for (String id : settings.text("cluster.osds").split(",", -1)) {
            if (!id.isBlank()) {
                if (!id.strip().matches("[0-9]{1,6}")) {
                    throw settings.wrong("cluster.osds", "'" + id.strip() + "' is no number of an OSD");
                }
                osds.add(Integer.parseInt(id.strip()));
            }
        }
        Optional<String> runs = monitor.equals("off") ? Optional.empty() : Optional.of(monitor);
        return new Cluster(name, address.host(), address.port(), runs, osds, detours(settings));
    }

    private static Map<NodeAddress, NodeAddress> detours(Settings settings) {
        Map<NodeAddress, NodeAddress> detours = new HashMap<>();
        for (String detour : settings.text("cluster.dial").split(",", -1)) {
            if (!detour.isBlank()) {
                List<HostPort> ends = Arrays.stream(detour.strip().split("=", -1))
                        .flatMap(end -> HostPort.parse(end).stream())
                        .toList();
                if (ends.size() != 2) {
                    throw settings.wrong("cluster.dial", "'" + detour.strip() + "' is no HOST:PORT=HOST:PORT");
                }
                detours.put(address(ends.get(0)), address(ends.get(1)));
            }
        }
        return detours;
    }

    private static NodeAddress address(HostPort where) {
        return new NodeAddress(where.host(), where.port(), 0);
    }

    private static boolean isEntity(String name) {
        return name.matches("[a-z0-9][a-z0-9._-]{0,200}");
    }

    private static Mail mail(Settings settings) {
        return new Mail(
                settings.oneOf("mail.listen", "on", "off").equals("on"),
                settings.text("mail.host"),
                (int) settings.number("mail.imap-port", 0, 65535),
                (int) settings.number("mail.imaps-port", 0, 65535),
                (int) settings.number("mail.lmtp-port", 0, 65535),
                settings.text("mail.dict-port").equals("off")
                        ? Optional.empty()
                        : Optional.of((int) settings.number("mail.dict-port", 0, 65535)),
                Optional.of(settings.text("mail.dict-socket"))
                        .filter(text -> !text.isEmpty())
                        .map(Path::of),
                settings.text("mail.name"),
                settings.text("mail.bucket"),
                files(settings, "mail").orElseGet(() -> s3Tls(settings)),
                networks(settings, "mail.trusted-networks"),
                Optional.of(settings.text("mail.users-file"))
                        .filter(file -> !file.isEmpty())
                        .map(Path::of),
                Duration.ofDays(settings.number("mail.keep-expunged-days", 0, 3650)),
                (int) settings.number("mail.connections-per-user", 1, 1 << 20),
                (int) settings.number("mail.connections-per-address", 1, 1 << 20));
    }

    private static Networks networks(Settings settings, String name) {
        try {
            return Networks.parse(settings.text(name));
        } catch (IllegalArgumentException wrong) {
            throw settings.wrong(name, wrong.getMessage());
        }
    }

    private static Tls s3Tls(Settings settings) {
        return files(settings, "s3")
                .orElseGet(() -> settings.oneOf("s3.tls", "off", "self-signed").equals("off")
                        ? new Tls.Off()
                        : new Tls.SelfSigned());
    }

    /** The certificate of the operator's that a gateway is given, if it is. */
    private static Optional<Tls> files(Settings settings, String gateway) {
        String certificate = settings.text(gateway + ".tls-certificate");
        String key = settings.text(gateway + ".tls-key");
        if (certificate.isEmpty() != key.isEmpty()) {
            String given = gateway + (certificate.isEmpty() ? ".tls-key" : ".tls-certificate");
            throw settings.wrong(given, "a certificate and its key go together");
        }
        return certificate.isEmpty()
                ? Optional.empty()
                : Optional.of(new Tls.Files(Path.of(certificate), Path.of(key)));
    }
}
