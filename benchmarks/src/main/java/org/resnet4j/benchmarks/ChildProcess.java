package org.resnet4j.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The process of a peer. It serves commands from its standard input and ends when that input ends. Its errors go to the
 * errors of this process.
 *
 * @param process the running process
 */
record ChildProcess(Process process) implements AutoCloseable {
    private static final int SECONDS_TO_END = 10;

    static ChildProcess start(List<String> command) throws IOException {
        return new ChildProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Returns the command that runs a class with the options and the class path of this process. */
    static List<String> java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        String classPath = System.getProperty("java.class.path");
        if (!classPath.equals(System.getenv("CLASSPATH"))) { // which children inherit
            command.addAll(List.of("-cp", classPath));
        }
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    /** Returns the command without the Vector API and machine code. */
    static List<String> withoutVectors(List<String> command) {
        List<String> plain = new ArrayList<>(command);
        plain.remove("--add-modules=jdk.incubator.vector");
        plain.add(1, "-Dresnet4j.machine=off");
        return plain;
    }

    /** Ends the process without waiting for it. */
    void kill() {
        process.destroyForcibly();
    }

    /** Closes the input of the process and waits for its end; kills it if it does not end in time. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (IOException e) {
            kill();
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }
}
