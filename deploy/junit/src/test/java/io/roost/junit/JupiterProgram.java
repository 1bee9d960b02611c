package io.roost.junit;

import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** What {@link PublishedJarIT} runs in a JVM of its own: tests that are given everything by the extension. */
final class JupiterProgram {
    private JupiterProgram() {}

    /** Prints how many tests have succeeded, and the failures. */
    public static void main(String[] arguments) {
        EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                .selectors(
                        DiscoverySelectors.selectClass(RoostExtensionTest.Everything.class),
                        DiscoverySelectors.selectClass(RoostExtensionTest.OfItsOwn.class))
                .execute();
        System.out.println("succeeded " + results.testEvents().succeeded().count());
        System.out.println("failed " + results.allEvents().failed().list());
        System.out.println("server from "
                + RoostServer.class.getProtectionDomain().getCodeSource().getLocation());
    }
}
