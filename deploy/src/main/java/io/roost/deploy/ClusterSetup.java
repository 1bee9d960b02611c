package io.roost.deploy;

import io.roost.cluster.daemon.ClusterNode;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.mon.Mkfs;
import io.roost.cluster.net.NodeTls;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.store.StoreConfig;
import io.roost.cluster.store.rocksdb.RocksConfig;
import io.roost.cluster.transport.LocalTransport;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** What of a cluster a node runs, by its configuration and its folder. */
final class ClusterSetup {
    /** Name of the sole host in the CRUSH map of a cluster of one. */
    private static final String HOST = "localhost";

    /** How long a cluster of one may take to start. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private ClusterSetup() {}

    static ClusterNode.Config of(NodeConfig config, NodeFolder folder) {
        NodeConfig.Store store = config.store();
        RocksConfig rocks = new RocksConfig(
                store.blockCacheBytes(), store.memtableBytes(), 4 * store.memtableBytes(), 32L << 20, 2);
        StoreConfig storeConfig =
                StoreConfig.DEFAULT.withCapacity(store.capacityBytes()).withInline(store.inlineBytes());
        ClusterNode.Disks disks = new ClusterNode.Disks(storeConfig, rocks, PgLog.Limits.DEFAULT);
        return config.cluster().map(part -> ofSeveral(part, folder, disks)).orElseGet(() -> alone(folder, disks));
    }

    private static ClusterNode.Config alone(NodeFolder folder, ClusterNode.Disks disks) {
        Mkfs mkfs = Mkfs.singleNode(
                folder.fsid(), new NodeAddress("127.0.0.1", 0, 0), HOST, OsdInfo.NO_UUID, System.currentTimeMillis());
        return new ClusterNode.Config(
                folder.path(),
                ClusterNode.Members.alone(mkfs),
                disks,
                LocalTransport.Mode.REFERENCES,
                Optional.empty(),
                Optional.of(PATIENCE));
    }

    /** Without limit: the other nodes may come later. */
    private static ClusterNode.Config ofSeveral(NodeConfig.Cluster part, NodeFolder folder, ClusterNode.Disks disks) {
        ClusterFiles files = new ClusterFiles(folder);
        ClusterNode.Outside outside = new ClusterNode.Outside(
                part.host(),
                part.port(),
                new NodeTls(files.certificate(), Clock.systemUTC()),
                part.monitor().flatMap(name -> files.authority()),
                part.detours(),
                files::write);
        ClusterNode.Members members = new ClusterNode.Members(
                files.monitors(), part.monitor(), Optional.empty(), part.osds(), part.name(), files::write);
        return new ClusterNode.Config(
                folder.path(), members, disks, LocalTransport.Mode.REFERENCES, Optional.of(outside), Optional.empty());
    }
}
