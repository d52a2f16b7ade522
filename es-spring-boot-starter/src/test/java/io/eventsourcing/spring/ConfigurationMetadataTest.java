package io.eventsourcing.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DefaultValue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConfigurationMetadataTest {

    private final Map<String, JsonNode> documented = documented();

    @Test
    void documentsEachPropertyOfTheRecordAndNoOther() {
        assertThat(documented).containsOnlyKeys(properties().keySet());
    }

    @Test
    void describesEachProperty() {
        assertThat(documented.values())
                .allSatisfy(property ->
                        assertThat(property.path("description").asString("")).endsWith("."));
    }

    @Test
    void documentsTheDefaultOfTheRecord() {
        assertThat(defaults()).isEqualTo(properties());
    }

    /** Names with default values, as the metadata has them; empty where there is none. */
    static Map<String, String> defaults() {
        return documented().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue().path("defaultValue").asString("")));
    }

    /** Names with default values, as the record has them. */
    private static Map<String, String> properties() {
        return properties("eventsourcing", EventSourcingProperties.class)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Stream<Map.Entry<String, String>> properties(String prefix, Class<?> type) {
        Parameter[] components = type.getDeclaredConstructors()[0].getParameters();
        return Arrays.stream(components).flatMap(component -> {
            String name = prefix + "." + kebab(component.getName());
            return component.getType().isRecord()
                    ? properties(name, component.getType())
                    : Stream.of(Map.entry(name, defaultOf(component)));
        });
    }

    private static String defaultOf(Parameter component) {
        DefaultValue value = component.getAnnotation(DefaultValue.class);
        return value == null ? "" : value.value()[0];
    }

    private static String kebab(String camel) {
        return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static Map<String, JsonNode> documented() {
        try (InputStream json =
                ConfigurationMetadataTest.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            return JsonMapper.shared()
                    .readTree(json)
                    .path("properties")
                    .valueStream()
                    .collect(Collectors.toMap(property -> property.path("name").asString(), property -> property));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
