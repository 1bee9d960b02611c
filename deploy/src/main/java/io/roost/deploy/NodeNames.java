package io.roost.deploy;

import io.roost.cluster.identity.EntityName;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a node is called and where it is, as the commands that make one are told. */
final class NodeNames {
    private NodeNames() {}

    /** The name that was given, or this host's. */
    static String of(String given) {
        String name = given == null ? hostName() : given;
        try {
            return EntityName.node(name).id();
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailure(
                    CommandFailure.COULD_NOT_RUN,
                    "'" + name + "' is no name of a node: a-z, 0-9, '-', '.' and '_'; choose one with --name");
        }
    }

    private static String hostName() {
        try {
            String name = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
            return name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
        } catch (UnknownHostException unknown) {
            throw new CommandFailure(
                    CommandFailure.COULD_NOT_RUN, "this host has no name; give the node one with --name");
        }
    }

    /** The address of an option. */
    static HostPort address(String listen) {
        HostPort address = HostPort.parse(listen)
                .orElseThrow(() -> new CommandFailure(
                        CommandFailure.COULD_NOT_RUN, "--listen: '" + listen + "' is no HOST or HOST:PORT"));
        if (address.port() == 0) {
            throw new CommandFailure(
                    CommandFailure.COULD_NOT_RUN, "--listen: other nodes need a port that stays the same, not 0");
        }
        return address;
    }

    /** What a node runs, as its configuration file says it. */
    static String yaml(String node, HostPort address, String monitor, List<Integer> osds) {
        return "# What this node runs. `roost node` reads it; more settings of s3, admin, store and mail may follow.\n"
                + "cluster:\n"
                + "  name: " + node + "\n"
                + "  listen: \"" + address + "\"\n"
                + "  monitor: \"" + monitor + "\"\n"
                + "  osds: \"" + osds.stream().map(String::valueOf).collect(Collectors.joining(",")) + "\"\n"
                + "s3:\n"
                + "  host: \"" + address.host() + "\"\n";
    }
}
