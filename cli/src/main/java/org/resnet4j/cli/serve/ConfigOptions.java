package org.resnet4j.cli.serve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options for settings that are not on the command line. */
final class ConfigOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "File with a line NAME = VALUE for each setting, named as its option. An environment"
                    + " variable RESNET4J_SERVE_NAME takes precedence over the file, an option over both.")
    private @Nullable Path file;

    @Option(
            names = "--print-config",
            description = "Print all settings, each with its origin, in the format of --config, and end.")
    private boolean isPrinted;

    /** Returns the settings of the environment and of the file, which either may name. */
    Configuration read(Map<String, String> environment) throws IOException {
        String named = environment.getOrDefault(Configuration.variable(command, Configuration.FILE), "");
        Path chosen = file != null || named.isEmpty() ? file : Path.of(named);
        return Configuration.of(command, environment, chosen);
    }

    /** Returns true if the settings are to be printed instead of used. */
    boolean isPrinted() {
        return isPrinted;
    }
}
