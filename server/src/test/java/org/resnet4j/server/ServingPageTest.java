package org.resnet4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the program in the documentation compiles. */
class ServingPageTest {
    private static final Pattern CODE = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;

    @Test
    void theExamplesCompile() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "serving.md"));
        List<String> examples = new ArrayList<>();
        CODE.matcher(page).results().forEach(found -> examples.add(found.group(1)));
        assertFalse(examples.isEmpty());
        for (String example : examples) {
            Path file = Files.writeString(
                    folder.resolve("Example.java"),
                    "import java.nio.file.Path;\nimport org.resnet4j.server.ModelServer;\n"
                            + "class Example {\n    void main() throws Exception {\n" + example + "    }\n}\n");
            var problems = new StringWriter();
            var compiler = ToolProvider.getSystemJavaCompiler();
            try (var files = compiler.getStandardFileManager(null, null, null)) {
                compiler.getTask(
                                problems,
                                files,
                                null,
                                List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path")),
                                null,
                                files.getJavaFileObjects(file))
                        .call();
            }
            assertEquals("", problems.toString(), example);
        }
    }
}
