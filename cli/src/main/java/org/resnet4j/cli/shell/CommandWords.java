package org.resnet4j.cli.shell;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The arguments of a command, stored verbatim so that the run can be resumed.
 *
 * @param command the command that the options belong to
 * @param words the arguments after the name of the command
 */
public record CommandWords(CommandSpec command, List<String> words) {
    /** Options that concern one call and not the result. */
    private static final List<String> OF_THE_CALL =
            List.of("--resume", "--overwrite", "--json", "--stacktrace", "--live");

    public CommandWords {
        words = List.copyOf(words);
    }

    /** Returns the arguments of this call. */
    public static CommandWords typed(CommandSpec command) {
        List<String> all = command.root().commandLine().getParseResult().originalArgs();
        return new CommandWords(command, all.subList(all.indexOf(command.name()) + 1, all.size()));
    }

    /** Returns true if the arguments give an option. */
    public boolean gives(String option) {
        OptionSpec sought = command.findOption(option);
        return sought != null && words.stream().anyMatch(word -> sought.equals(command.findOption(optionName(word))));
    }

    /** Returns the arguments that a later call needs to repeat this one. */
    public CommandWords remembered() {
        return without(OF_THE_CALL);
    }

    /** Parses the arguments of an earlier call, overridden by these. */
    public void parseOnTopOf(List<String> earlier) {
        Set<String> again = words.stream().map(CommandWords::optionName).collect(Collectors.toSet());
        var both = new ArrayList<>(
                new CommandWords(command, earlier).without(again).words());
        both.addAll(words);
        command.commandLine().setOverwrittenOptionsAllowed(true).parseArgs(both.toArray(String[]::new));
    }

    /**
     * Returns a copy without these options and their values. An option that is given again must be removed first: a
     * second occurrence would reset its argument group, and with it the other options of the group.
     */
    public CommandWords without(Collection<String> options) {
        var rest = new ArrayList<String>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            OptionSpec option = command.findOption(optionName(word));
            if (option == null || !options.contains(optionName(word))) {
                rest.add(word);
            } else if (!word.contains("=")) {
                i += option.arity().min(); // skip the value
            }
        }
        return new CommandWords(command, rest);
    }

    /** Returns the options, with their values, that other arguments do not contain. */
    public List<String> optionsNotIn(List<String> others) {
        List<String> known = new CommandWords(command, others).options();
        return options().stream().filter(option -> !known.contains(option)).toList();
    }

    /** Returns each option with its value in the form {@code --name=value}. */
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
