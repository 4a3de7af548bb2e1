package org.resnet4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command as a process of its own, with the class path of the tests. */
final class CommandProcess {
    private CommandProcess() {}

    /**
     * Starts the command.
     *
     * @param log receives what it prints, both streams
     */
    static Process start(Path log, List<String> arguments) throws IOException {
        var line = new ArrayList<String>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of(
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx512m",
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                "org.resnet4j.cli.Main"));
        line.addAll(arguments);
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** Runs the command to its end and requires that it succeeds. */
    static void run(Path log, List<String> arguments) throws IOException, InterruptedException {
        int code = start(log, arguments).waitFor();
        if (code != 0) {
            throw new AssertionError("exit code " + code + " of " + arguments + ":\n" + Files.readString(log));
        }
    }
}
