import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.resnet4j.cli.Main;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A writer of the completion script for fish, which picocli does not have, to standard output. */
final class FishCompletion {
    private static final String NAME = "resnet4j";

    private FishCompletion() {}

    public static void main(String[] arguments) {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.println("# Completion for fish.");
        write(out, Main.commandLine().getCommandSpec(), "", "__fish_use_subcommand");
    }

    /**
     * Writes the subcommands and the options of a command.
     *
     * @param words the words of the command after the name of the program
     * @param condition the condition of fish under which they are suggested
     */
    private static void write(PrintStream out, CommandSpec command, String words, String condition) {
        command.subcommands().forEach((name, sub) -> {
            String description =
                    String.join(" ", sub.getCommandSpec().usageMessage().description());
            out.println("complete -c " + NAME + " -n " + quoted(condition) + " -f -a " + name + " -d "
                    + quoted(firstSentence(description)));
        });
        for (OptionSpec option : command.options()) {
            if (!option.hidden()) {
                out.println(line(option, condition));
            }
        }
        command.subcommands().forEach((name, sub) -> {
            String own = "__fish_seen_subcommand_from " + name;
            CommandSpec nested = sub.getCommandSpec();
            String parent = words.isEmpty() ? own : "__fish_seen_subcommand_from " + words + "; and " + own;
            String names = String.join(" ", nested.subcommands().keySet());
            String here = names.isEmpty() ? parent : parent + "; and not __fish_seen_subcommand_from " + names;
            write(out, nested, (words + " " + name).strip(), here);
        });
    }

    private static String line(OptionSpec option, String condition) {
        var line = new StringBuilder("complete -c " + NAME + " -n " + quoted(condition));
        for (String name : option.names()) {
            line.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
        }
        if (option.arity().max() > 0) {
            line.append(" -r");
        }
        if (option.completionCandidates() != null) {
            line.append(" -f -a ").append(quoted(String.join(" ", option.completionCandidates())));
        }
        return line.append(" -d ")
                .append(quoted(firstSentence(String.join(" ", option.description()))))
                .toString();
    }

    private static String firstSentence(String text) {
        int end = text.indexOf(". ");
        String sentence = end < 0 ? text : text.substring(0, end);
        return sentence.replaceFirst("\\.$", "").replace("%n", " ").replace("%%", "%");
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
