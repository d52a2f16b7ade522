package io.eventsourcing.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The properties in the documentation are those of the configuration metadata. */
class ConfigurationTableTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    /** A row's names, and its default value in back quotes, or the word none. */
    private static final Pattern ROW =
            Pattern.compile("^\\| (`eventsourcing\\.[^|]+) \\| (?:`([^`|]+)`|none) \\| [^|]+ \\|$", Pattern.MULTILINE);

    private static final Pattern ANY_ROW = Pattern.compile("^\\| `eventsourcing\\.", Pattern.MULTILINE);

    private static final Pattern NAME = Pattern.compile(
            "eventsourcing\\.(?:schema|tenancy|append|log|subscriptions|read-models|serialization)\\.[a-z]+(?:-[a-z]+)*");

    @Test
    void theTableOfOperationsHasEachPropertyWithItsDefault() {
        String page = read(ROOT.resolve("docs/operations.md"));
        assertThat(ROW.matcher(page).results())
                .hasSameSizeAs(ANY_ROW.matcher(page).results().toList());
        assertThat(ROW.matcher(page).results().flatMap(ConfigurationTableTest::properties))
                .containsExactlyInAnyOrderElementsOf(
                        ConfigurationMetadataTest.defaults().entrySet());
    }

    @Test
    void noPageNamesAPropertyThatThereIsNot() throws IOException {
        List<String> named;
        try (Stream<Path> pages = Files.walk(ROOT.resolve("docs"))) {
            named = Stream.concat(pages, Stream.of("README.md", "CHANGELOG.md").map(ROOT::resolve))
                    .filter(page -> page.toString().endsWith(".md"))
                    .flatMap(page -> NAME.matcher(read(page)).results().map(MatchResult::group))
                    .distinct()
                    .toList();
        }
        assertThat(named).hasSizeGreaterThan(10);
        assertThat(ConfigurationMetadataTest.defaults()).containsKeys(named.toArray(String[]::new));
    }

    private static Stream<Map.Entry<String, String>> properties(MatchResult row) {
        String value = row.group(2) == null ? "" : row.group(2);
        return Arrays.stream(row.group(1).split(", ")).map(name -> Map.entry(name.replace("`", ""), value));
    }

    private static String read(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
