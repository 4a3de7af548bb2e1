package org.resnet4j.cli;

import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.module.ModuleFinder;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.resnet4j.cli.shell.ArgumentEncoding;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.Program;

/**
 * The start of the command from a jar. A manifest can set no JVM options, so Java is started once more with those of the
 * command. The second process has the input, the output, the signals and the exit code of the first.
 */
final class Restart {
    /** The modules of the JDK that the jars use. The launcher script has the same ones. */
    static final List<String> MODULES = List.of(
            "java.base",
            "java.desktop",
            "java.naming",
            "java.net.http",
            "java.sql",
            "jdk.httpserver",
            JvmOptions.VECTOR_MODULE,
            "jdk.management",
            "jdk.unsupported");

    private static final String INCUBATOR = "WARNING: Using incubator modules: " + JvmOptions.VECTOR_MODULE;

    private Restart() {}

    /** Runs the command and ends the process with its exit code. */
    static void run(String[] arguments) throws InterruptedException {
        if (ModuleLayer.boot().findModule(JvmOptions.VECTOR_MODULE).isPresent()) {
            Main.main(arguments); // the user has set the options
            return;
        }
        requireModules();
        Optional<CommandFailure> lost = ArgumentEncoding.failure(List.of(arguments));
        if (lost.isPresent()) {
            Main.main(arguments); // says so
            return;
        }
        List<String> command = command(arguments);
        Process process;
        try {
            process = builder(command).start();
        } catch (IOException failed) {
            fail("cannot start Java again with the options that it needs (" + failed.getMessage() + "); start it so: "
                    + String.join(" ", command));
            return;
        }
        Thread copy = Thread.ofPlatform().daemon().start(() -> passOnErrors(process));
        var end = new Thread(() -> end(process, copy), "resnet4j-end");
        Runtime.getRuntime().addShutdownHook(end);
        int code = process.waitFor();
        copy.join();
        System.exit(code);
    }

    private static void requireModules() {
        List<String> missing = MODULES.stream()
                .filter(name -> ModuleFinder.ofSystem().find(name).isEmpty())
                .toList();
        if (!missing.isEmpty()) {
            fail("the Java runtime in " + System.getProperty("java.home") + " lacks the modules "
                    + String.join(", ", missing) + "; install a whole one, for example from https://adoptium.net");
        }
    }

    private static void fail(String reason) {
        System.err.println("resnet4j: " + reason);
        System.exit(1);
    }

    private static List<String> command(String... arguments) {
        String jar = System.getProperty("java.class.path");
        String variable = System.getenv().getOrDefault("RESNET4J_JAVA_OPTS", "");
        List<String> own = Stream.concat(
                        ManagementFactory.getRuntimeMXBean().getInputArguments().stream(), JvmOptions.words(variable))
                .toList();
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JvmOptions.of(arguments.length == 0 ? "" : arguments[0], own, System.getProperty("os.name")));
        command.addAll(terminals());
        if (System.getProperty(Program.TYPED) == null) {
            command.add("-D" + Program.JAR + "=" + jar);
        }
        command.addAll(List.of("-cp", jar, Main.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Returns the properties that say which outputs are terminals; the JVM itself only knows whether all are. */
    private static List<String> terminals() {
        int answer;
        try {
            answer = new ProcessBuilder("sh", "-c", "[ -t 2 ]; error=$?; [ -t 1 ]; exit $((2 * error + $?))")
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException noShell) {
            answer = Optional.ofNullable(System.console())
                            .filter(Console::isTerminal)
                            .isPresent()
                    ? 0
                    : 3;
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            answer = 3;
        }
        return List.of(
                "-D" + Main.TERMINAL + "=" + ((answer & 2) == 0),
                "-D" + Main.RESULT_TERMINAL + "=" + ((answer & 1) == 0));
    }

    private static ProcessBuilder builder(List<String> command) {
        var builder = new ProcessBuilder(command).inheritIO().redirectError(ProcessBuilder.Redirect.PIPE);
        // As the launcher script does: file names need an encoding that has their characters.
        if (System.getProperty("sun.jnu.encoding", "").startsWith("ANSI")) {
            builder.environment().put("LC_ALL", "C.UTF-8");
        }
        return builder;
    }

    /** Copies standard error, without the JVM's warning that the Vector API is an incubator module. */
    private static void passOnErrors(Process process) {
        try (InputStream in = process.getErrorStream();
                OutputStream err = new FileOutputStream(FileDescriptor.err)) {
            var line = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                line.write(next);
                if (next == '\n') {
                    if (line.toString(Charset.defaultCharset()).strip().equals(INCUBATOR)) {
                        line.reset();
                        break;
                    }
                    line.writeTo(err);
                    line.reset();
                }
            }
            line.writeTo(err);
            in.transferTo(err);
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    /** Passes the end of this process on, waits for the other one, which may be saving, and takes its exit code. */
    private static void end(Process process, Thread copy) {
        process.toHandle().destroy(); // Process.destroy() would close the streams
        try {
            int code = process.waitFor();
            copy.join();
            Runtime.getRuntime().halt(code);
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
    }
}
