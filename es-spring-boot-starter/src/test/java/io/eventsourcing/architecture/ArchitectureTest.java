package io.eventsourcing.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {

    @TestFactory
    Stream<DynamicTest> coreKnowsNoAdapterAndNoFramework() {
        return ArchitectureRules.of("io.eventsourcing.core", "tools.jackson..", "com.fasterxml.jackson.annotation..");
    }

    @Test
    void coreKnowsJacksonInSerializationAlone() {
        noClasses()
                .that()
                .resideInAPackage("io.eventsourcing.core..")
                .and()
                .resideOutsideOfPackage("io.eventsourcing.core.serialization..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("tools.jackson..", "com.fasterxml..")
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.eventsourcing.core"));
    }

    @TestFactory
    Stream<DynamicTest> memoryKnowsTheCore() {
        return ArchitectureRules.of("io.eventsourcing.memory", "io.eventsourcing.core..");
    }

    @TestFactory
    Stream<DynamicTest> projectionsKnowTheCore() {
        return ArchitectureRules.of("io.eventsourcing.projection", "io.eventsourcing.core..", "tools.jackson..");
    }

    @TestFactory
    Stream<DynamicTest> postgresKnowsTheCoreAndJdbc() {
        return ArchitectureRules.of(
                "io.eventsourcing.postgres",
                "io.eventsourcing.core..",
                "org.springframework.jdbc..",
                "org.springframework.transaction..",
                "org.springframework.dao..", // of spring-tx
                "org.postgresql..",
                "org.flywaydb..");
    }

    @TestFactory
    Stream<DynamicTest> testkitKnowsTheCoreAndTestLibraries() {
        return ArchitectureRules.of(
                "io.eventsourcing.testkit",
                "io.eventsourcing.core..",
                "io.eventsourcing.memory..",
                "io.eventsourcing.projection..",
                "tools.jackson..",
                "org.junit..",
                "org.opentest4j..",
                "org.assertj..",
                "org.postgresql..",
                "io.zonky..",
                "org.testcontainers..");
    }

    @TestFactory
    Stream<DynamicTest> starterKnowsTheAdaptersAndSpring() {
        return ArchitectureRules.of(
                "io.eventsourcing.spring",
                "io.eventsourcing..",
                "org.springframework..",
                "com.zaxxer.hikari..",
                "io.micrometer.core..",
                "tools.jackson..",
                "jakarta..");
    }
}
