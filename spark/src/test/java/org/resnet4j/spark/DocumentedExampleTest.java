package org.resnet4j.spark;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles the first program of docs/spark.md as it stands there. */
class DocumentedExampleTest {
    private static final String BEGIN = "```java\n";

    @TempDir
    private Path folder;

    @Test
    void theFirstExampleCompilesAsPasted() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "spark.md"));
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        String program = page.substring(begin, page.indexOf("```", begin));
        var source = new SimpleJavaFileObject(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE) {
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
