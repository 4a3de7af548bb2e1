package org.resnet4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.NodeList;

/** The packages that japicmp compares with those of a released version are the ones that a module exports. */
class ComparedPackagesTest {
    /** An export to every module; those with {@code to} do not end after the name. */
    private static final Pattern EXPORT = Pattern.compile("^ *exports ([\\w.]+);$", Pattern.MULTILINE);

    private static final String INCLUDES = "//plugin[artifactId='japicmp-maven-plugin']//includes/include";

    @ParameterizedTest
    @ValueSource(strings = {"library", "server"})
    void thePomListsTheExportedPackages(String module) throws Exception {
        Path descriptor = Path.of("..", module, "src", "main", "java", "module-info.java");
        List<String> exported = EXPORT.matcher(Files.readString(descriptor))
                .results()
                .map(export -> export.group(1))
                .toList();
        assertFalse(exported.isEmpty(), descriptor + " exports nothing");
        assertEquals(exported, included(Path.of("..", module, "pom.xml")));
    }

    private static List<String> included(Path pom) throws Exception {
        var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
        var nodes =
                (NodeList) XPathFactory.newInstance().newXPath().evaluate(INCLUDES, document, XPathConstants.NODESET);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> nodes.item(i).getTextContent().strip())
                .toList();
    }
}
