package io.eventsourcing.spring;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Lists the properties that there are for somebody who wrote another one. Comes before Spring Boot's analysis, which cannot. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnknownPropertyFailureAnalyzer extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {

    private static final String PREFIX = "eventsourcing";

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, UnboundConfigurationPropertiesException cause) {
        ConfigurationPropertyName prefix = ConfigurationPropertyName.of(PREFIX);
        if (!cause.getUnboundProperties().stream().allMatch(unknown -> prefix.isAncestorOf(unknown.getName()))) {
            return null;
        }
        return new FailureAnalysis(
                "There are no such properties of the event store, so that defaults would act in their place. The application was"
                        + " not started.\n"
                        + lines(cause.getUnboundProperties().stream().map(UnknownPropertyFailureAnalyzer::described)),
                "Correct their names, or give properties of the application's own another prefix. There are:\n"
                        + lines(names(PREFIX, EventSourcingProperties.class).sorted()),
                cause);
    }

    private static String lines(Stream<String> each) {
        return each.map(line -> "\n    " + line).collect(Collectors.joining());
    }

    /** Without the value, which may be a secret. */
    private static String described(ConfigurationProperty unknown) {
        return unknown.getName() + (unknown.getOrigin() == null ? "" : " (" + unknown.getOrigin() + ")");
    }

    private static Stream<String> names(String prefix, Class<?> type) {
        return Arrays.stream(type.getRecordComponents()).flatMap(component -> names(prefix, component));
    }

    private static Stream<String> names(String prefix, RecordComponent component) {
        String name = prefix + "." + DataObjectPropertyName.toDashedForm(component.getName());
        return component.getType().isRecord() ? names(name, component.getType()) : Stream.of(name);
    }
}
