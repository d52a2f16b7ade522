package io.eventsourcing.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;

/**
 * What holds in every module: where it may look, that its packages form no cycle, and how it names things. The
 * modules are tested here, where all of them are on the class path.
 */
final class ArchitectureRules {

    private static final List<String> EVERYWHERE =
            List.of("java..", "javax.sql..", "org.jspecify..", "org.slf4j..", "io.opentelemetry.api..");

    private ArchitectureRules() {}

    /**
     * A test for each rule.
     *
     * @param root the module's root package
     * @param mayUse package patterns, besides the module's own, the JDK's, jspecify's, slf4j's and OpenTelemetry's
     */
    static Stream<DynamicTest> of(String root, String... mayUse) {
        JavaClasses module = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(root);
        return Stream.of(
                        dependsOnlyOn(root, mayUse),
                        hasNoCycles(root),
                        hasOnlyNullMarkedPackages(),
                        hasNoPackageForOddsAndEnds(),
                        namesClassesByWhatTheyAre())
                .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(module)));
    }

    static ArchRule dependsOnlyOn(String root, String... mayUse) {
        String[] allowed = Stream.of(Stream.of(root + ".."), EVERYWHERE.stream(), Stream.of(mayUse))
                .flatMap(patterns -> patterns)
                .toArray(String[]::new);
        return classes().should().onlyDependOnClassesThat().resideInAnyPackage(allowed);
    }

    static ArchRule hasNoCycles(String root) {
        return slices().matching(root + ".(**)").should().beFreeOfCycles().allowEmptyShould(true);
    }

    static ArchRule hasOnlyNullMarkedPackages() {
        return classes().should(new ArchCondition<JavaClass>("reside in a @NullMarked package") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(new SimpleConditionEvent(
                        type, marked, "The package of " + type.getName() + " is not @NullMarked"));
            }
        });
    }

    static ArchRule hasNoPackageForOddsAndEnds() {
        return noClasses().should().resideInAnyPackage("..util..", "..common..", "..impl..", "..exceptions..");
    }

    static ArchRule namesClassesByWhatTheyAre() {
        return noClasses()
                .should()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameStartingWith("Default")
                .orShould()
                .haveNameMatching(".*[.$]I[A-Z][a-z].*");
    }
}
