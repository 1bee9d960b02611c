package io.roost.junit;

import io.netty.util.Version;
import java.util.Map;
import java.util.TreeMap;

/**
 * Looks whether the class path has the Netty that the server needs. Other libraries of a test ask for Netty 4.1, and what
 * is mixed of both fails late and strangely.
 */
final class NettyCheck {
    private static final int MAJOR = 4;
    private static final int MIN_MINOR = 2;

    private static final String ADVICE =
            " It needs Netty 4.2, all modules of one version. In Maven, put roost-junit before"
                    + " other test dependencies, or import io.netty:netty-bom in dependencyManagement; where Spring Boot manages"
                    + " versions, set the property netty.version.";

    private NettyCheck() {}

    /** Versions of Netty's modules on the class path, as far as their jars tell. */
    private static Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        Version.identify(NettyCheck.class.getClassLoader())
                .forEach((artifact, version) -> versions.put(artifact, version.artifactVersion()));
        return versions;
    }

    /**
     * Does nothing when all is well.
     *
     * @throws RoostException with what to do when a module is too old
     */
    static void check() {
        Map<String, String> tooOld = versions();
        // Its numbers are those of a library of its own.
        tooOld.keySet().removeIf(artifact -> artifact.startsWith("netty-tcnative"));
        tooOld.values().removeIf(version -> !isTooOld(version));
        if (!tooOld.isEmpty()) {
            throw new RoostException(
                    "Roost cannot start with the libraries on the class path: " + tooOld + "." + ADVICE, null);
        }
    }

    private static boolean isTooOld(String version) {
        String[] numbers = version.split("\\.", 3);
        try {
            int major = Integer.parseInt(numbers[0]);
            return major < MAJOR || (major == MAJOR && Integer.parseInt(numbers[1]) < MIN_MINOR);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException ofSomebodysOwn) {
            return false;
        }
    }

    /** What a class that is missing or other than expected comes from, as a rule. */
    static RoostException mixedUp(LinkageError failure) {
        return new RoostException(
                "Roost cannot start with the libraries on the class path: " + failure + ", with " + versions() + "."
                        + ADVICE,
                failure);
    }
}
