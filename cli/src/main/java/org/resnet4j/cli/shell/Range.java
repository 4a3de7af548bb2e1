package org.resnet4j.cli.shell;

import java.util.Collection;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks of option values; the message names the option and the permitted values. */
public final class Range {
    private Range() {}

    public static void check(CommandSpec command, String option, long value, long min, long max) {
        if (value < min || value > max) {
            throw new ParameterException(
                    command.commandLine(), option + " must be from " + min + " to " + max + ", got " + value);
        }
    }

    /** Checks that a value is in a range, limits included. */
    public static void check(CommandSpec command, String option, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new ParameterException(
                    command.commandLine(),
                    option + " must be from " + plain(min) + " to " + plain(max) + ", got " + plain(value));
        }
    }

    /** Checks that a value is in a range, lower limit excluded. */
    public static void checkAbove(CommandSpec command, String option, double value, double above, double max) {
        if (!(value > above && value <= max)) {
            throw new ParameterException(
                    command.commandLine(),
                    option + " must be above " + plain(above) + " and at most " + plain(max) + ", got " + plain(value));
        }
    }

    public static void checkOneOf(CommandSpec command, String option, String value, Collection<String> allowed) {
        if (!allowed.contains(value)) {
            throw new ParameterException(
                    command.commandLine(), option + " must be one of " + String.join(", ", allowed) + ", got " + value);
        }
    }

    /** Returns a number without trailing zeros. */
    public static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.format(Locale.ROOT, "%d", (long) value)
                : Double.toString(value);
    }
}
