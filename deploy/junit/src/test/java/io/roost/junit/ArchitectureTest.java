package io.roost.junit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.roost.junit", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /** The SDK may be missing: whatever is loaded without being asked for it must not need it. */
    @ArchTest
    static final ArchRule ONLY_THE_CLIENTS_NAME_THE_SDK = noClasses()
            .that()
            .doNotHaveSimpleName("AwsSdkClients")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon..");

    /** A server is of use without JUnit, too. */
    @ArchTest
    static final ArchRule SERVER_NEEDS_NO_JUNIT = classes()
            .that()
            .haveSimpleName("RoostServer")
            .or()
            .haveSimpleName("TrustedCertificate")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "javax..", "io.roost.deploy..", "io.roost.junit..");

    /** Everything of the node is behind its embedding interface. */
    @ArchTest
    static final ArchRule ONLY_DEPLOY = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.roost.cluster..", "io.roost.objectstore..", "io.roost.mailstore..");
}
