package org.resnet4j.cli.shell;

import java.util.Collection;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks the values of options; what is wrong is said with the option's name and what it may be. */
public final class Range {
    private Range() {}

    public static void check(CommandSpec command, String option, long value, long min, long max) {
        if (value < min || value > max) {
            throw new ParameterException(
                    command.commandLine(), option + " must be from " + min + " to " + max + ", got " + value);
        }
    }

    /** The limits themselves are allowed. */
    public static void check(CommandSpec command, String option, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new ParameterException(
                    command.commandLine(),
                    option + " must be from " + plain(min) + " to " + plain(max) + ", got " + plain(value));
        }
    }

    /** The lower limit itself is not allowed. */
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

    /** A number without superfluous places. */
    public static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.format(Locale.ROOT, "%d", (long) value)
                : Double.toString(value);
    }
}
