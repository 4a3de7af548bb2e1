package org.resnet4j.cli.shell;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What stands behind the name of a command, word for word: kept, so that the command can go on later as it was begun.
 *
 * @param command whose options they are
 */
public record CommandWords(CommandSpec command, List<String> words) {
    /** What is about a call, not about what it does. */
    private static final List<String> OF_THE_CALL =
            List.of("--resume", "--overwrite", "--json", "--stacktrace", "--live");

    public CommandWords {
        words = List.copyOf(words);
    }

    /** As they were typed in this call. */
    public static CommandWords typed(CommandSpec command) {
        List<String> all = command.root().commandLine().getParseResult().originalArgs();
        return new CommandWords(command, all.subList(all.indexOf(command.name()) + 1, all.size()));
    }

    /** Those that a later call needs to do the same. */
    public CommandWords remembered() {
        return without(OF_THE_CALL);
    }

    /** Parses the words of an earlier call and then, on top of them, these. */
    public void parseOnTopOf(List<String> earlier) {
        Set<String> again = words.stream().map(CommandWords::optionName).collect(Collectors.toSet());
        var both = new ArrayList<>(
                new CommandWords(command, earlier).without(again).words());
        both.addAll(words);
        command.commandLine().setOverwrittenOptionsAllowed(true).parseArgs(both.toArray(String[]::new));
    }

    /**
     * The same without these options and their values. An option that is to be given again must go first: one that came twice
     * would begin its group of options anew, and the others of the group were forgotten.
     */
    public CommandWords without(Collection<String> options) {
        var rest = new ArrayList<String>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            OptionSpec option = command.findOption(optionName(word));
            if (option == null || !options.contains(optionName(word))) {
                rest.add(word);
            } else if (!word.contains("=")) {
                i += option.arity().min(); // its value
            }
        }
        return new CommandWords(command, rest);
    }

    /** Those of these options, with their values, that other words do not hold. */
    public List<String> optionsNotIn(List<String> others) {
        List<String> known = new CommandWords(command, others).options();
        return options().stream().filter(option -> !known.contains(option)).toList();
    }

    /** Each option with its value, written in one way. */
    private List<String> options() {
        var options = new ArrayList<String>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            OptionSpec option = command.findOption(optionName(word));
            var whole = new StringBuilder(word);
            if (option != null && !word.contains("=")) {
                for (int value = 0; value < option.arity().min() && i + 1 < words.size(); value++) {
                    i++;
                    whole.append('=').append(words.get(i));
                }
            }
            options.add(whole.toString());
        }
        return options;
    }

    private static String optionName(String word) {
        int end = word.indexOf('=');
        return end < 0 ? word : word.substring(0, end);
    }
}
