package org.resnet4j.cli.shell;

import java.util.stream.Stream;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The help texts, as wide as the terminal, with examples that the user can copy. Everything is set when a help text is
 * printed, so that other calls do not wait for it.
 *
 * @param console the output
 */
record HelpPages(Console console) implements IHelpFactory {
    /** The narrowest text that picocli lays out. */
    private static final int NARROWEST = 55;

    /** Longer lines are hard to read. */
    private static final int WIDEST = 120;

    private static final String NAME = " " + Program.NAME + " ";

    @Override
    public Help create(CommandSpec command, Help.ColorScheme colors) {
        UsageMessageSpec usage = command.usageMessage();
        int columns = console.terminal() ? TerminalWidth.measured() : TerminalWidth.USUAL;
        usage.width(Math.clamp(columns, NARROWEST, WIDEST));
        usage.footer(Stream.of(usage.footer()).map(HelpPages::asTyped).toArray(String[]::new));
        return new Help(command, colors);
    }

    private static String asTyped(String line) {
        return line.replace(NAME, " " + Program.typed() + " ");
    }
}
