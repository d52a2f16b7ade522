package io.eventsourcing.postgres.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own with the test's class path, which a test may limit or kill. It ends with {@link #close()}. */
public final class ForkedJvm implements AutoCloseable {

    private static final int SIGKILLED = 128 + 9;

    private final Process process;
    private final Path output;

    private ForkedJvm(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts a main class; what it prints goes to a file. */
    public static ForkedJvm start(Class<?> main, Path output, List<String> jvmOptions, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            return new ForkedJvm(process, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For a main method: ends this JVM when the one that forked it is gone, so that none is left behind. */
    public static void endWithParent() {
        Thread watch = new Thread(ForkedJvm::haltAtEndOfInput, "end-with-parent");
        watch.setDaemon(true);
        watch.start();
    }

    private static void haltAtEndOfInput() {
        try {
            while (System.in.read() >= 0) {}
        } catch (IOException e) {
            // the same as the end of the input
        }
        Runtime.getRuntime().halt(1);
    }

    /** Fails with its output if it has ended. */
    public void requireAlive() {
        if (!process.isAlive()) {
            throw new AssertionError("The forked JVM ended with " + process.exitValue() + ":\n" + output());
        }
    }

    /** Ends it with SIGKILL, and fails if it had ended by itself. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        int exit = process.waitFor();
        if (exit != SIGKILLED) {
            throw new AssertionError("The forked JVM ended with " + exit + " before it was killed:\n" + output());
        }
    }

    /** Stops it in the middle of what it does; {@link #resume} lets it go on as if no time had passed. */
    public void suspend() throws IOException, InterruptedException {
        signal("-STOP");
    }

    public void resume() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0) {
            throw new AssertionError("kill " + signal + " ended with " + exit);
        }
    }

    /** Waits for its end, fails unless it succeeded, and returns what it printed. */
    public String awaitSuccess(Duration atMost) throws InterruptedException {
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("The forked JVM did not end within " + atMost + ":\n" + output());
        }
        if (process.exitValue() != 0) {
            throw new AssertionError("The forked JVM ended with " + process.exitValue() + ":\n" + output());
        }
        return output().strip();
    }

    private String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
