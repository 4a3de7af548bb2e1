import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * The JDK's javadoc, which fails on warnings, too. Its own option {@code -Werror} also counts the warning that the
 * Vector API is an incubator module.
 *
 * <p>Usage: {@code java Javadoc.java OPTION...}, with the options of javadoc.
 */
final class Javadoc {
    private Javadoc() {}

    public static void main(String[] arguments) {
        var output = new StringWriter();
        var printer = new PrintWriter(output);
        int code = ToolProvider.findFirst("javadoc").orElseThrow().run(printer, printer, arguments);
        List<String> messages = output.toString()
                .lines()
                .filter(line -> !line.contains("using incubating module") && !line.matches("\\d+ warnings?"))
                .toList();
        messages.forEach(System.err::println);
        System.exit(code != 0 || messages.isEmpty() ? code : 1);
    }
}
