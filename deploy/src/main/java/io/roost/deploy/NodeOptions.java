package io.roost.deploy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options of every command that asks a running node. */
final class NodeOptions {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Ask the node whose data is in this folder. Default: the one that `roost dev` started last.")
    private Path data;

    @Option(
            names = "--admin",
            paramLabel = "URL",
            description = "Ask the node with this admin address; its token is taken from ROOST_ADMIN_TOKEN.")
    private URI admin;

    @Option(names = "--json", description = "Print JSON.")
    private boolean isJson;

    /** The node to ask. */
    AdminClient client(Map<String, String> environment) {
        if (admin != null) {
            String token = environment.get("ROOST_ADMIN_TOKEN");
            if (token == null) {
                throw new CommandFailure(CommandFailure.COULD_NOT_RUN, "--admin needs ROOST_ADMIN_TOKEN");
            }
            boolean isHttp = "http".equals(admin.getScheme()) || "https".equals(admin.getScheme());
            if (!isHttp || admin.getHost() == null) {
                throw new CommandFailure(
                        CommandFailure.COULD_NOT_RUN, "--admin " + admin + " is no address such as http://HOST:PORT");
            }
            return new AdminClient(admin, token);
        }
        if (data != null) {
            return AdminClient.ofFolder(data);
        }
        try {
            return AdminClient.ofFolder(new DataFolder(environment).toAsk());
        } catch (IOException e) {
            throw new CommandFailure(CommandFailure.COULD_NOT_RUN, "cannot find the last node: " + Reason.of(e));
        }
    }

    /** True when the answer is to be printed as it came. */
    boolean isJson() {
        return isJson;
    }
}
