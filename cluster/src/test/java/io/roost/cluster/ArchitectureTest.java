package io.roost.cluster;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arrows and the purity that the module's README claims. */
class ArchitectureTest {
    private static final String ROOT = "io.roost.cluster.";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.roost.cluster");

    /** What each package may use of the cluster; the README has the same table. */
    @ParameterizedTest
    @CsvSource({
        "object, ''",
        "crush, object",
        "map, object crush",
        "message, object map crush",
        "classes, object",
        "machine, object",
        "store, object map crush classes",
        "store.rocksdb, object map classes store",
        "pg.log, object map message classes store",
        "pg, object map message classes machine store pg.log pg.peering",
        "pg.peering, object map message machine store pg.log",
        "osd, object map message classes machine store pg pg.log pg.peering",
        "paxos, object map message machine wire",
        "mon, object crush map message machine store wire paxos",
        "wire, object crush map message",
        "client, object map message wire",
        "heartbeat, object map message",
        "identity, object map",
        "net.handshake, object identity",
        "net, object map identity wire net.handshake",
        "transport, object map message identity wire net net.handshake",
    })
    void packagesUseOnlyWhatIsBelowThem(String name, String allowed) {
        List<String> packages = new ArrayList<>(List.of(ROOT + name));
        new StringTokenizer(allowed).asIterator().forEachRemaining(other -> packages.add(ROOT + other));
        noClasses()
                .that()
                .resideInAPackage(ROOT + name)
                .should()
                .dependOnClassesThat(describe(
                        "are elsewhere in the cluster",
                        type -> type.getPackageName().startsWith(ROOT) && !packages.contains(type.getPackageName())))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void nothingPointsToTheDaemon() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "daemon")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "daemon"))
                .check(CLASSES);
    }

    @Test
    void thereAreNoCycles() {
        slices().matching("io.roost.cluster.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    private static boolean isPure(JavaClass type) {
        String name = type.getPackageName();
        boolean isMachine = name.equals(ROOT + "client")
                && List.of("Objecter", "MonClient", "OsdMapChain").stream()
                        .anyMatch(machine -> type.getFullName().contains("." + machine));
        return name.startsWith(ROOT)
                && (isMachine
                        || List.of(
                                        "object",
                                        "crush",
                                        "map",
                                        "message",
                                        "classes",
                                        "machine",
                                        "store",
                                        "pg",
                                        "pg.log",
                                        "pg.peering",
                                        "osd",
                                        "heartbeat",
                                        "mon",
                                        "wire",
                                        "paxos",
                                        "net.handshake")
                                .contains(name.substring(ROOT.length())));
    }

    @Test
    void protocolLogicHasNoThreadsClocksSocketsFilesOrRandomSources() {
        noClasses()
                .that(describe("are pure", ArchitectureTest::isPure))
                .should()
                .dependOnClassesThat(describe("do I/O, keep time or run threads", ArchitectureTest::isImpure))
                .check(CLASSES);
        noClasses()
                .that(describe("are pure", ArchitectureTest::isPure))
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .check(CLASSES);
    }

    private static boolean isImpure(JavaClass type) {
        String name = type.getFullName();
        boolean isVertx = name.startsWith("io.vertx.") && !name.equals("io.vertx.core.buffer.Buffer");
        boolean isIo =
                name.startsWith("java.net.") || name.startsWith("java.nio.file.") || name.startsWith("org.rocksdb.");
        boolean isConcurrent =
                name.startsWith("java.util.concurrent.") && !name.startsWith("java.util.concurrent.atomic.");
        return isVertx
                || isIo
                || isConcurrent
                || name.equals("java.nio.channels.FileChannel")
                || name.equals("java.lang.Thread")
                || name.equals("java.lang.ThreadLocal")
                || name.equals("java.util.Random")
                || name.equals("java.util.SplittableRandom")
                || name.equals("java.security.SecureRandom")
                || name.equals("java.time.Clock");
    }

    @Test
    void rocksDbIsUsedInOnePlace() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "store.rocksdb")
                .should()
                .dependOnClassesThat(resideInAPackage("org.rocksdb.."))
                .check(CLASSES);
    }

    @Test
    void namesSayWhatAThingIs() {
        classes()
                .should()
                .haveNameNotMatching(".*(Impl|Util|Utils|Helper|Common|Misc|Base|Manager)")
                .check(CLASSES);
    }
}
