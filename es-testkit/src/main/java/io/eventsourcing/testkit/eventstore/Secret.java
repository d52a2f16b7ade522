package io.eventsourcing.testkit.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;

/** A text that payloads hold and no error may repeat. */
final class Secret {

    static final String TEXT = "correct-horse-battery-staple";

    private Secret() {}

    /** Neither the error nor what caused it repeats the secret, wherever it would be logged. */
    static void isNotIn(Throwable error) {
        StringWriter logged = new StringWriter();
        error.printStackTrace(new PrintWriter(logged, true));
        assertThat(logged.toString()).doesNotContain(TEXT);
        assertThat(error.getMessage()).as("the length of an error text").hasSizeLessThan(2_000);
    }
}
