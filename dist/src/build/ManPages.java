import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.resnet4j.cli.Main;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** A writer of the sources of the man pages, one for each command, in AsciiDoc. The argument is the folder for them. */
final class ManPages {
    private static final Map<String, String> EXIT_CODES = new LinkedHashMap<>();

    static {
        EXIT_CODES.put("0", "Success.");
        EXIT_CODES.put("1", "Failure.");
        EXIT_CODES.put("2", "Wrong usage.");
        EXIT_CODES.put("3", "A bad or missing input file.");
    }

    private ManPages() {}

    public static void main(String[] arguments) throws IOException {
        CommandSpec command = Main.commandLine().getCommandSpec();
        prepare(command);
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        int code = ManPageGenerator.generateManPage(folder.toFile(), (File) null, new boolean[0], true, command);
        if (code != 0) {
            throw new IOException("the man pages cannot be written to " + folder);
        }
    }

    /** Turns the end of the help into the sections of a man page. */
    private static void prepare(CommandSpec command) {
        UsageMessageSpec usage = command.usageMessage();
        var examples = new ArrayList<String>();
        for (String line : usage.footer()) {
            if (line.startsWith("  ")) {
                examples.add(line.strip());
            }
        }
        if (!examples.isEmpty()) {
            examples.addFirst("....");
            examples.addLast("....");
            usage.footerHeading("Examples%n");
        }
        usage.footer(examples.toArray(String[]::new));
        usage.exitCodeListHeading("Exit status%n");
        usage.exitCodeList(EXIT_CODES);
        command.subcommands().values().forEach(sub -> prepare(sub.getCommandSpec()));
    }
}
