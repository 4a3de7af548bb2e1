package org.resnet4j;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Java programs on the pages of the documentation. */
final class DocumentedCode {
    private static final String BEGIN = "```java\n";
    private static final String END = "```";

    private DocumentedCode() {}

    /**
     * Returns the first program of a page below a heading.
     *
     * @param page the page, from the root of the project
     * @param heading the text that precedes the program; empty for the first program of the page
     */
    static String after(String page, String heading) throws IOException {
        String text = Files.readString(Path.of("..", page));
        int section = text.indexOf(heading);
        int begin = text.indexOf(BEGIN, section) + BEGIN.length();
        assertTrue(section >= 0 && begin > section + BEGIN.length(), page + " has a program below '" + heading + "'");
        return text.substring(begin, text.indexOf(END, begin));
    }

    /** Returns the examples of a page that leave out imports and {@code main}. */
    static List<String> fragments(String page) throws IOException {
        return Pattern.compile(BEGIN + "(.*?)" + END, Pattern.DOTALL)
                .matcher(Files.readString(Path.of("..", page)))
                .results()
                .map(found -> found.group(1))
                .filter(code -> !code.startsWith("import "))
                .toList();
    }

    /** Returns a program that contains a fragment, with imports of the packages that are exported to everyone. */
    static String program(String fragment, String declarations) throws IOException {
        String imports = Pattern.compile("exports ([\\w.]+);")
                .matcher(Files.readString(Path.of("src/main/java/module-info.java")))
                .results()
                .map(found -> "import " + found.group(1) + ".*;\n")
                .collect(Collectors.joining());
        return imports + declarations + "\nvoid main() throws Exception {\n" + fragment + "}\n";
    }

    /** Compiles a program as it stands on its page, into a folder. */
    static void compile(String file, String program, Path folder) {
        var source = new SimpleJavaFileObject(URI.create("string:///" + file), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignored) {
                return program;
            }
        };
        var messages = new StringWriter();
        List<String> options = List.of("-d", folder.toString(), "-classpath", System.getProperty("java.class.path"));
        boolean compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(messages, null, null, options, null, List.of(source))
                .call();
        assertTrue(compiled, messages.toString());
    }
}
