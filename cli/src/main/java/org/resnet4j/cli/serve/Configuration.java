package org.resnet4j.cli.serve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.cli.shell.CommandWords;
import org.resnet4j.cli.shell.Nearest;
import org.resnet4j.cli.shell.Problem;
import org.resnet4j.cli.shell.Range;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * The settings of a command that is a service. Every option is a setting: on the command line; in the environment, as
 * {@code RESNET4J_SERVE_BATCH_SIZE} for {@code --batch-size}; and in a file, as {@code batch-size}. The first of these
 * takes precedence. A parameter is a setting under its label in small letters.
 */
final class Configuration {
    /** The option that names the file of settings. */
    static final String FILE = "config";

    /** Options that concern one call. */
    private static final Set<String> OF_THE_CALL = Set.of(FILE, "print-config", "json", "stacktrace");

    /** Names of settings whose values are not shown, unless they are paths. */
    private static final Pattern SECRET = Pattern.compile("(.*-)?(token|password|secret)s?");

    /** Between the values of a variable. */
    private static final Pattern COMMAS = Pattern.compile(",");

    private final CommandSpec command;
    private final SortedMap<String, ArgSpec> known;
    private final Set<String> typed = new HashSet<>();
    /** The settings of the environment and the file that apply, by name. */
    private final SortedMap<String, List<Setting>> configured = new TreeMap<>();

    private final List<String> remarks = new ArrayList<>();

    private Configuration(CommandSpec command) {
        this.command = command;
        known = settings(command);
        List<ArgSpec> matched = command.commandLine().getParseResult().matchedArgs();
        known.forEach((name, argument) -> {
            if (matched.contains(argument)) {
                typed.add(name);
            }
        });
    }

    /**
     * Reads the settings.
     *
     * @param command was parsed
     * @param file the file of settings, or null
     * @throws ParameterException if the file has another format or an unknown setting
     * @throws IOException if the file cannot be read
     */
    static Configuration of(CommandSpec command, Map<String, String> environment, @Nullable Path file)
            throws IOException {
        var settings = new Configuration(command);
        if (file != null) {
            settings.add(Setting.read(command, file));
        }
        settings.add(environment);
        settings.configured.keySet().removeAll(settings.typed);
        return settings;
    }

    private static SortedMap<String, ArgSpec> settings(CommandSpec command) {
        var settings = new TreeMap<String, ArgSpec>();
        for (OptionSpec option : command.options()) {
            String name = option.longestName().replaceFirst("^-+", "");
            if (!option.usageHelp() && !option.versionHelp() && !OF_THE_CALL.contains(name)) {
                settings.put(name, option);
            }
        }
        command.positionalParameters()
                .forEach(parameter -> settings.put(parameter.paramLabel().toLowerCase(Locale.ROOT), parameter));
        return settings;
    }

    /** Returns the environment variable of a setting. */
    static String variable(CommandSpec command, String name) {
        return prefix(command) + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static String prefix(CommandSpec command) {
        return "RESNET4J_" + command.name().toUpperCase(Locale.ROOT) + "_";
    }

    private void add(List<Setting> file) {
        for (Setting setting : file) {
            ArgSpec argument = known.get(setting.name());
            if (argument == null) {
                throw new ParameterException(command.commandLine(), setting.origin() + ": " + unknown(setting.name()));
            }
            List<Setting> same = configured.computeIfAbsent(setting.name(), _ -> new ArrayList<>());
            if (!same.isEmpty() && !argument.isMultiValue()) {
                throw new ParameterException(
                        command.commandLine(),
                        setting.origin() + ": " + setting.name() + " is set before, at "
                                + same.getFirst().origin());
            }
            same.add(setting);
        }
    }

    private String unknown(String name) {
        return "unknown setting " + name + Nearest.suggestion(name, known.keySet());
    }

    private void add(Map<String, String> environment) {
        String prefix = prefix(command);
        new TreeMap<>(environment).forEach((variable, value) -> {
            if (!variable.startsWith(prefix) || value.isBlank()) {
                return;
            }
            String name =
                    variable.substring(prefix.length()).toLowerCase(Locale.ROOT).replace('_', '-');
            ArgSpec argument = known.get(name);
            if (argument != null) {
                Stream<String> values = argument.isMultiValue()
                        ? COMMAS.splitAsStream(value).map(String::strip)
                        : Stream.of(value.strip());
                List<Setting> settings = values.filter(each -> !each.isEmpty())
                        .map(each -> new Setting(name, each, variable))
                        .toList();
                if (!settings.isEmpty()) {
                    configured.put(name, settings);
                }
            } else if (!name.equals(FILE)) {
                remarks.add(variable + " is ignored: " + unknown(name));
            }
        });
    }

    /** Returns remarks for the user, such as on environment variables that look like settings. */
    List<String> remarks() {
        return List.copyOf(remarks);
    }

    /**
     * Parses the command line again, with these settings in the place of defaults.
     *
     * @throws ParameterException if a value is wrong
     */
    void apply() {
        var words = new ArrayList<String>();
        configured.forEach((name, settings) -> {
            String start = known.get(name) instanceof OptionSpec option ? option.longestName() + "=" : "";
            settings.forEach(setting -> words.add(start + setting.value()));
        });
        CommandWords.typed(command).parseOnTopOf(words);
    }

    /** Returns a failure that names the origin of the value that it rejects. */
    ParameterException explained(ParameterException wrong) {
        String message = Problem.of(wrong).message();
        String option = message.replaceFirst(" .*", "").replaceFirst("^--", "");
        List<Setting> settings = configured.get(option);
        return settings == null
                ? wrong
                : new ParameterException(
                        command.commandLine(), settings.getFirst().origin() + ": " + message, wrong);
    }

    /** Returns the lines of a file with all settings, each with its origin. */
    List<String> lines() {
        var lines = new ArrayList<String>();
        known.forEach((name, argument) -> {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            lines.add(Setting.comment(origin(name)));
            Object value = argument.getValue();
            Collection<?> values =
                    value instanceof Collection<?> several ? several : value == null ? List.of() : List.of(value);
            if (values.isEmpty()) {
                lines.add(Setting.comment(Setting.text(name, "").strip()));
            }
            for (Object each : values) {
                lines.add(
                        isSecret(name, argument)
                                ? Setting.comment(Setting.text(name, "(not shown)"))
                                : Setting.text(name, each instanceof Double number ? Range.plain(number) : each));
            }
        });
        return lines;
    }

    private static boolean isSecret(String name, ArgSpec argument) {
        return argument.auxiliaryTypes()[0] != Path.class
                && SECRET.matcher(name).matches();
    }

    private String origin(String name) {
        if (typed.contains(name)) {
            return "command line";
        }
        List<Setting> settings = configured.get(name);
        return settings == null ? "default" : settings.getFirst().origin();
    }
}
