package org.resnet4j.cli.shell;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The messages for arguments that the parser rejects. */
final class UsageText {
    private UsageText() {}

    /** Returns the message for a rejected argument; null to keep the message of the exception. */
    static @Nullable String of(ParameterException problem) {
        CommandSpec command = problem.getCommandLine().getCommandSpec();
        return switch (problem) {
            case MissingParameterException missing -> missing(command, missing.getMissing());
            case OverwrittenOptionException twice -> twice(twice.getOverwritten());
            default -> {
                ArgSpec argument = problem.getArgSpec();
                String value = problem.getValue();
                yield argument == null
                        ? null
                        : value == null ? withoutValue(problem, argument) : wrong(argument, value);
            }
        };
    }

    private static String missing(CommandSpec command, List<ArgSpec> missing) {
        if (missing.isEmpty()) {
            return words(command) + " needs more arguments";
        }
        // The value of an option that is there, or an option or parameter that is not.
        if (missing.getFirst() instanceof OptionSpec option && !option.required()) {
            return name(option) + " needs a value: " + kind(option);
        }
        String needed = Stream.concat(command.positionalParameters().stream(), command.options().stream())
                .filter(argument -> argument.required()
                        && (missing.contains(argument)
                                || argument.originalStringValues().isEmpty()))
                .map(UsageText::withLabel)
                .collect(Collectors.joining(" and "));
        return words(command) + " needs " + needed;
    }

    /** Returns the words that select a command: {@code inspect draw}. */
    private static String words(CommandSpec command) {
        String whole = command.qualifiedName();
        return whole.substring(
                Math.min(whole.length(), command.root().qualifiedName().length() + 1));
    }

    /** Returns an argument as the synopsis of the command shows it. */
    private static String withLabel(ArgSpec argument) {
        if (argument instanceof OptionSpec) {
            return name(argument) + " " + argument.paramLabel();
        }
        boolean several = argument.arity().max() > 1;
        return (several ? "at least one " : article(argument.paramLabel()))
                + argument.paramLabel().replace("|", " or ");
    }

    private static String article(String noun) {
        return "AEIO".indexOf(noun.charAt(0)) >= 0 ? "an " : "a ";
    }

    /** Returns the first example in the help of a command; empty if it has none. */
    static Optional<String> example(CommandSpec command) {
        String beginning = Program.NAME + " " + words(command) + " ";
        return Stream.of(command.usageMessage().footer())
                .map(String::strip)
                .filter(line -> line.startsWith(beginning))
                .map(line -> Program.typed() + line.split(" {2,}", 2)[0].substring(Program.NAME.length()))
                .findFirst();
    }

    private static @Nullable String withoutValue(ParameterException problem, ArgSpec argument) {
        String message = String.valueOf(problem.getMessage());
        if (message.startsWith("Expected parameter")) {
            return name(argument) + " needs a value: " + kind(argument);
        }
        return message.contains("without") && isFlag(argument) ? name(argument) + " takes no value" : null;
    }

    private static String wrong(ArgSpec argument, String value) {
        if (isFlag(argument)) {
            return name(argument) + " takes no value, but got '" + value + "'";
        }
        return value.isEmpty()
                ? empty(argument)
                : name(argument) + " expects " + kind(argument) + ", but got '" + value + "'";
    }

    private static String empty(ArgSpec argument) {
        return name(argument) + " expects " + kind(argument) + ", but its value is empty";
    }

    /** Rejects empty values. An empty path would stand for the current folder. */
    static void checkNotEmpty(ParseResult parsed) {
        for (ArgSpec argument : parsed.matchedArgs()) {
            if (!isFlag(argument) && argument.originalStringValues().contains("")) {
                throw new ParameterException(parsed.commandSpec().commandLine(), empty(argument));
            }
        }
        if (parsed.hasSubcommand()) {
            checkNotEmpty(parsed.subcommand());
        }
    }

    /**
     * Rejects an option that is given twice, if it belongs to a group. The parser would begin a second group there, and
     * forget all options of the first.
     */
    static void checkGivenOnce(ParseResult parsed) {
        for (ArgGroupSpec group : parsed.commandSpec().argGroups()) {
            List<ParseResult.GroupMatch> matches = parsed.findMatches(group).stream()
                    .flatMap(found -> found.matches().stream())
                    .toList();
            for (ArgSpec argument : group.args()) {
                long times = matches.stream()
                        .filter(match -> !match.matchedValues(argument).isEmpty())
                        .count();
                if (times > 1) {
                    throw new ParameterException(parsed.commandSpec().commandLine(), twice(argument));
                }
            }
        }
        if (parsed.hasSubcommand()) {
            checkGivenOnce(parsed.subcommand());
        }
    }

    private static String twice(ArgSpec argument) {
        return name(argument) + " is given more than once";
    }

    private static boolean isFlag(ArgSpec argument) {
        return argument.isOption() && argument.arity().max() == 0;
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static String kind(ArgSpec argument) {
        Class<?> type = argument.auxiliaryTypes()[0];
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "a whole number";
        }
        if (type == double.class || type == Double.class || type == float.class || type == Float.class) {
            return "a number";
        }
        String label = argument.paramLabel();
        if (type == Path.class) {
            return label.equals("DIR") || label.equals("FOLDER") ? "the name of a folder" : "the name of a file";
        }
        return switch (label) {
            case "SOURCE" -> "a folder, a zip file or the name of a dataset";
            case "MODEL" -> "a model folder or a weight file";
            default -> label.contains("|") ? label : article(label) + label.toLowerCase(Locale.ROOT);
        };
    }
}
