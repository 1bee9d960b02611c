package io.roost.deploy.clients;

import io.roost.deploy.RoostProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A script of {@code deploy/acceptance} with its packages, and the Node.js that its lock file names. */
final class NodeProject {
    private final Path folder;
    private final String script;

    private NodeProject(Path folder, String script) {
        this.folder = folder;
        this.script = script;
    }

    /**
     * Installs it into a folder.
     *
     * @param name of the folder in {@code deploy/acceptance}
     */
    static NodeProject install(Path folder, String name, String script) throws IOException {
        Path sources = RoostProcess.root().resolve("deploy/acceptance").resolve(name);
        for (String file : new String[] {"package.json", "package-lock.json", script}) {
            Files.copy(sources.resolve(file), folder.resolve(file));
        }
        ClientProgram.at(folder, onPath("npm").toString(), "ci", "--no-audit", "--no-fund", "--ignore-scripts")
                .with("PATH", System.getenv("PATH"))
                // Which registry npm asks is this machine's matter.
                .with(
                        "NPM_CONFIG_USERCONFIG",
                        Path.of(System.getProperty("user.home"), ".npmrc").toString())
                .with(
                        "NPM_CONFIG_CACHE",
                        Path.of(System.getProperty("user.home"), ".npm").toString())
                .run();
        return new NodeProject(folder, script);
    }

    private static Path onPath(String program) {
        for (String entry : System.getenv("PATH").split(File.pathSeparator, -1)) {
            Path candidate = Path.of(entry, program);
            if (Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        return Path.of("/usr/bin", program);
    }

    /** The script, to be run. */
    ClientProgram program() throws IOException {
        try (Stream<Path> modules = Files.list(folder.resolve("node_modules"))) {
            Path node = modules.map(module -> module.resolve("bin/node"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
            return ClientProgram.at(folder, node.toString(), script);
        }
    }
}
