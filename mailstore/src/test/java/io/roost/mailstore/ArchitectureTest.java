package io.roost.mailstore;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The arrows of the mail store's packages, and which of them are pure. */
class ArchitectureTest {
    private static final String ROOT = "io.roost.mailstore";

    /** What each package may use of the mail store. */
    private static final Map<String, List<String>> ARROWS = new LinkedHashMap<>();

    static {
        arrow("mime", "");
        arrow("sasl", "");
        arrow("mailbox", "");
        arrow("imap.syntax", "mime");
        arrow("classes", "mailbox");
        arrow("account", "sasl mailbox classes");
        arrow("search", "mime mailbox imap.syntax");
        arrow("store", "mime mailbox classes account");
        arrow("imap.session", "imap.syntax sasl mailbox");
        arrow("imap.command", "imap.syntax imap.session mime mailbox classes search store account");
        arrow("net", "");
        arrow("imap", "imap.syntax imap.session imap.command net sasl mailbox classes store account");
        arrow("transfer", "imap.syntax mailbox classes store");
        arrow("lmtp", "net mime mailbox classes store account");
        arrow("dict", "net mailbox classes store account");
    }

    private static final Set<String> PURE =
            Set.of("mime", "sasl", "mailbox", "classes", "imap.syntax", "imap.session", "search");

    /** Of the package {@code lmtp} all but these is pure. */
    private static final Set<String> LMTP_EDGE = Set.of("LmtpServer", "LmtpConnection", "LmtpConfig", "LmtpDelivery");

    /** And of the package {@code dict}. */
    private static final Set<String> DICT_EDGE = Set.of("DictServer", "DictConnection", "DictConfig", "DictStore");

    private static final Set<String> FOREIGN = Set.of(
            "io.roost.cluster.object",
            "io.roost.cluster.classes",
            "io.roost.cluster.client",
            "io.roost.objectstore.layout");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    private static void arrow(String from, String to) {
        ARROWS.put(from, Arrays.asList((from + " " + to).trim().split(" +")));
    }

    /** The package of a class below the root, or null for one elsewhere. */
    private static String ownPackage(JavaClass type) {
        String name = type.getPackageName();
        return name.startsWith(ROOT + ".") ? name.substring(ROOT.length() + 1) : null;
    }

    @Test
    void packagesUseOnlyWhatIsBelowThem() {
        for (Map.Entry<String, List<String>> arrow : ARROWS.entrySet()) {
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + "." + arrow.getKey())
                    .should()
                    .dependOnClassesThat(describe("are not below " + arrow.getKey(), type -> {
                        String other = ownPackage(type);
                        return other != null && !arrow.getValue().contains(other);
                    }))
                    .allowEmptyShould(true)
                    .check(CLASSES);
        }
    }

    @Test
    void everyPackageHasItsArrows() {
        for (JavaClass type : CLASSES) {
            if (!type.getPackageName().equals(ROOT)) {
                assertThat(ARROWS).containsKey(ownPackage(type));
            }
        }
    }

    @Test
    void ofTheOtherModulesOnlyObjectsClassesClientAndLayoutAreSeen() {
        noClasses()
                .should()
                .dependOnClassesThat(describe("are other packages of Roost", type -> {
                    String name = type.getPackageName();
                    return name.startsWith("io.roost.")
                            && !name.equals(ROOT)
                            && !name.startsWith(ROOT + ".")
                            && !FOREIGN.contains(name);
                }))
                .check(CLASSES);
    }

    @Test
    void thereAreNoCycles() {
        slices().matching(ROOT + ".(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    private static boolean isPure(JavaClass type) {
        String name = ownPackage(type);
        if (name == null) {
            return false;
        }
        String outer =
                type.getFullName().substring(type.getPackageName().length() + 1).split("\\$", 2)[0];
        return PURE.contains(name)
                || (name.equals("lmtp") && !LMTP_EDGE.contains(outer))
                || (name.equals("dict") && !DICT_EDGE.contains(outer));
    }

    @Test
    void purePackagesHaveNoThreadsClocksSocketsFilesOrRandomSources() {
        noClasses()
                .that(describe("are pure", ArchitectureTest::isPure))
                .should()
                .dependOnClassesThat(describe("do I/O, keep time or run threads", ArchitectureTest::isImpure))
                .allowEmptyShould(true)
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
                .allowEmptyShould(true)
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
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    private static boolean isImpure(JavaClass type) {
        String name = type.getFullName();
        boolean isVertx = name.startsWith("io.vertx.") && !name.equals("io.vertx.core.buffer.Buffer");
        return isVertx
                || name.startsWith("java.util.concurrent.")
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
