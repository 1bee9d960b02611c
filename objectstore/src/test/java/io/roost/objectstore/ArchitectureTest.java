package io.roost.objectstore;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arrows of the gateway's packages, and which of them are pure. */
class ArchitectureTest {
    private static final String ROOT = "io.roost.objectstore";
    private static final Set<String> PURE = Set.of("auth", "policy", "layout", "classes", "xml");

    /** Pure parts of the edge. */
    private static final Set<String> PURE_CLASSES =
            Set.of("AwsChunkedDecoder", "PayloadChecks", "PayloadReader", "S3Router");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    /** What each package may use of the gateway beside its vocabulary. */
    @ParameterizedTest
    @CsvSource({
        "auth, ''",
        "policy, ''",
        "layout, ''",
        "xml, ''",
        "classes, layout",
        "cache, layout",
        "bucket, layout classes cache xml policy",
        "object, layout classes xml policy bucket",
        "multipart, layout classes xml policy bucket object",
        "lifecycle, layout classes bucket object",
        "user, auth layout classes",
        "admin, auth layout classes cache bucket user",
        "http, auth cache xml policy bucket object multipart",
    })
    void packagesUseOnlyWhatIsBelowThem(String name, String allowed) {
        String own = ROOT + "." + name;
        List<String> packages = List.of((name + " " + allowed).trim().split(" +"));
        noClasses()
                .that()
                .resideInAPackage(own)
                .should()
                .dependOnClassesThat(describe("are elsewhere in the gateway", type -> {
                    String other = type.getPackageName();
                    return other.startsWith(ROOT + ".") && !packages.contains(other.substring(ROOT.length() + 1));
                }))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void nothingPointsToTheEdge() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".http")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + ".http"))
                .check(CLASSES);
    }

    @Test
    void theVocabularyPointsNowhereInTheGateway() {
        noClasses()
                .that()
                .resideInAPackage(ROOT)
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + ".(*)"))
                .check(CLASSES);
    }

    @Test
    void ofTheClusterOnlyObjectsClassesAndClientAreSeen() {
        noClasses()
                .that(describe(
                        "are not admin routes", type -> !type.getPackageName().equals(ROOT + ".admin")))
                .should()
                .dependOnClassesThat(describe("are other packages of the cluster", type -> {
                    String name = type.getPackageName();
                    return name.startsWith("io.roost.cluster")
                            && !Set.of("io.roost.cluster.object", "io.roost.cluster.classes", "io.roost.cluster.client")
                                    .contains(name);
                }))
                .check(CLASSES);
    }

    @Test
    void thereAreNoCycles() {
        slices().matching(ROOT + ".(*)").should().beFreeOfCycles().check(CLASSES);
    }

    private static boolean isPure(JavaClass type) {
        String name = type.getPackageName();
        return (name.startsWith(ROOT + ".") && PURE.contains(name.substring(ROOT.length() + 1)))
                || (name.equals(ROOT + ".http")
                        && PURE_CLASSES.contains(
                                type.getFullName().substring(name.length() + 1).split("\\$", 2)[0]));
    }

    @Test
    void signaturesLayoutsAndClassesHaveNoThreadsClocksSocketsFilesOrRandomSources() {
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
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .check(CLASSES);
    }

    @Test
    void pureClassesHaveNoStaticVariables() {
        fields().that()
                .areDeclaredInClassesThat(describe("are pure", ArchitectureTest::isPure))
                .and()
                .haveModifier(JavaModifier.STATIC)
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should()
                .beFinal()
                .check(CLASSES);
    }

    private static boolean isImpure(JavaClass type) {
        String name = type.getFullName();
        boolean isVertx = name.startsWith("io.vertx.") && !name.equals("io.vertx.core.buffer.Buffer");
        // A port may say that its answer comes later; who completes it is not its business.
        boolean isConcurrent =
                name.startsWith("java.util.concurrent.") && !name.equals("java.util.concurrent.CompletionStage");
        return isVertx
                || isConcurrent
                || name.startsWith("java.net.")
                || name.startsWith("java.nio.file.")
                || name.startsWith("java.nio.channels.")
                || Set.of(
                                "java.lang.Thread",
                                "java.lang.ThreadLocal",
                                "java.util.Random",
                                "java.util.SplittableRandom",
                                "java.security.SecureRandom",
                                "java.time.Clock")
                        .contains(name);
    }

    @Test
    void namesSayWhatAThingIs() {
        classes()
                .should()
                .haveNameNotMatching(".*(Impl|Util|Utils|Helper|Common|Misc|Base|Manager)")
                .check(CLASSES);
    }
}
