package org.resnet4j.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An option of a command line and its value.
 *
 * @param option the option, with its hyphens
 * @param value the word after it
 */
record Argument(String option, String value) {
    /**
     * Splits a command line into options with values.
     *
     * @throws IllegalArgumentException if the last option has no value
     */
    static List<Argument> parse(String... words) {
        List<Argument> arguments = new ArrayList<>();
        for (int i = 0; i < words.length; i += 2) {
            if (i + 1 == words.length) {
                throw new IllegalArgumentException(
                        words[i].startsWith("--") ? words[i] + " needs a value" : "unknown option " + words[i]);
            }
            arguments.add(new Argument(words[i], words[i + 1]));
        }
        return arguments;
    }

    /** Returns the parts of the value between commas. */
    List<String> names() {
        return Arrays.asList(value.split(",", -1));
    }

    /**
     * Returns the numbers between commas.
     *
     * @throws IllegalArgumentException if one is not a number above 0
     */
    List<Integer> numbers() {
        return names().stream()
                .map(part -> new Argument(option, part).positive())
                .toList();
    }

    /**
     * Returns the numbers between commas, of which 0 is one.
     *
     * @throws IllegalArgumentException if one is not a number from 0
     */
    List<Integer> countsFromZero() {
        return names().stream()
                .map(part -> part.equals("0") ? 0 : new Argument(option, part).positive())
                .toList();
    }

    /**
     * Returns the value as a number.
     *
     * @throws IllegalArgumentException if it is not a number above 0
     */
    int positive() {
        try {
            int number = Integer.parseInt(value);
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + ": not a number: " + value, e);
        }
        throw new IllegalArgumentException(option + " must be at least 1, got " + value);
    }

    /** Returns the exception for an option that does not exist. */
    IllegalArgumentException unknown() {
        return new IllegalArgumentException("unknown option " + option);
    }
}
