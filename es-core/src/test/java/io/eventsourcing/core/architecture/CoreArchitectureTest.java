package io.eventsourcing.core.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CoreArchitectureTest {

    @TestFactory
    Stream<DynamicTest> keepsTheRulesOfEveryModule() {
        return ArchitectureRules.of("io.eventsourcing.core", "tools.jackson..", "com.fasterxml.jackson.annotation..");
    }

    @Test
    void knowsJacksonInSerializationAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.eventsourcing.core.serialization..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("tools.jackson..", "com.fasterxml..")
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.eventsourcing.core"));
    }
}
