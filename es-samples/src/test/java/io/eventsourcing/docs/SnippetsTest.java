package io.eventsourcing.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every Java block of the documentation is a piece of a test that runs, and every link to a file leads to one. */
class SnippetsTest {

    private static final Path ROOT = root();

    private static final Pattern LINK = Pattern.compile("]\\(([^)#:\\s]+)(?:#[^)]*)?\\)");

    private static final String SOURCE = """
            class Sample {
                // tag::call
                int x = 1;
                    call(x);
                // end::call
            }
            """;

    @Test
    void everyJavaBlockIsTheRegionThatItsMarkNames() {
        for (Path page : pages()) {
            assertThat(Snippets.problems(read(page), path -> read(ROOT.resolve(path))))
                    .as("snippets of %s", ROOT.relativize(page))
                    .isEmpty();
        }
    }

    @Test
    void everyRelativeLinkLeadsToAFile() {
        for (Path page : pages()) {
            Matcher link = LINK.matcher(read(page));
            while (link.find()) {
                assertThat(page.resolveSibling(link.group(1)))
                        .as("a link of %s", ROOT.relativize(page))
                        .exists();
            }
        }
    }

    @Test
    void acceptsABlockThatEqualsItsRegion() {
        assertThat(problems("<!-- snippet: Sample.java#call -->\n```java\nint x = 1;\n    call(x);\n```\n"))
                .isEmpty();
    }

    @Test
    void reportsABlockThatDiffersFromItsRegion() {
        assertThat(problems("<!-- snippet: Sample.java#call -->\n```java\nint x = 2;\n    call(x);\n```\n"))
                .hasSize(1);
    }

    @Test
    void reportsARegionThatDoesNotExist() {
        assertThat(problems("<!-- snippet: Sample.java#gone -->\n```java\nint x = 1;\n```\n"))
                .hasSize(1);
    }

    @Test
    void reportsAJavaBlockWithoutAMark() {
        assertThat(problems("text\n\n```java\nint x = 1;\n```\n")).hasSize(1);
    }

    @Test
    void reportsAJavaBlockThatIsFencedOtherwise() {
        assertThat(problems("- item\n\n  ```java\n  int x = 1;\n  ```\n")).hasSize(1);
        assertThat(problems("~~~java\nint x = 1;\n~~~\n")).hasSize(1);
    }

    @Test
    void leavesOtherLanguagesAlone() {
        assertThat(problems("```sql\nselect 1;\n```\n")).isEmpty();
    }

    private static List<String> problems(String markdown) {
        return Snippets.problems(markdown, path -> SOURCE);
    }

    private static List<Path> pages() {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
                Stream<Path> top = Files.list(ROOT)) {
            List<Path> pages = Stream.concat(docs, top)
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList();
            assertThat(pages).contains(ROOT.resolve("README.md"), ROOT.resolve("docs/event-store.md"));
            return pages;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
