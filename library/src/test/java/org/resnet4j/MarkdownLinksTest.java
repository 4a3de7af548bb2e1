package org.resnet4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the links, images and headings of all Markdown files. Nothing is fetched: addresses of the web are only parsed. */
class MarkdownLinksTest {
    private static final Set<String> NOT_OURS = Set.of("target", "node_modules");

    /** The lines of a source file, as in GitHub's addresses. */
    private static final String LINES = "L\\d+(-L\\d+)?";

    @TempDir
    private Path folder;

    @Test
    void everyLinkLeadsToAFileAndAHeading() throws IOException {
        Path root = Path.of("..").toRealPath();
        Map<Path, MarkdownPage> pages = pages(root);
        assertTrue(pages.size() > 60, pages.keySet().toString());
        assertEquals(List.of(), problems(root, pages));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', commentCharacter = '%', textBlock = """
        [a](missing.md)                  | docs/page.md:3: [missing.md]: there is no docs/missing.md
        [a](../../outside.md)            | docs/page.md:3: [../../outside.md]: outside the repository
        [a](/docs/other.md)              | docs/page.md:3: [/docs/other.md]: not relative to the page
        [a](other.md#no-such)            | docs/page.md:3: [other.md#no-such]: docs/other.md has no heading with the anchor no-such
        [a](#no-such)                    | docs/page.md:3: [#no-such]: docs/page.md has no heading with the anchor no-such
        [a](text.txt#two)                | docs/page.md:3: [text.txt#two]: docs/text.txt has lines (#L1), not headings
        [a](<a b.md>)                    | docs/page.md:3: [a b.md]: Illegal character in path at index 1
        [a](ftp://example.org/)          | docs/page.md:3: [ftp://example.org/]: neither a file nor an address of the web
        [a](https:/example.org)          | docs/page.md:3: [https:/example.org]: an address without a host
        ![a](missing.png)                | docs/page.md:3: [missing.png]: there is no docs/missing.png
        ![a](https://example.org/a.png)  | docs/page.md:3: [https://example.org/a.png]: an image of another host
        #### Low                         | docs/page.md:3: heading of level 4 below one of level 1
        # Again                          | docs/page.md:3: second heading of level 1
        <a href="other.md">b</a>         | docs/page.md:3: a link in HTML, which is not checked
        """)
    void aProblemIsReportedWithFileLineAndReason(String line, String problem) throws IOException {
        write("docs/other.md", "# Other\n");
        write("docs/text.txt", "one\n");
        write("docs/page.md", "# Page\n\n" + line + "\n");
        assertEquals(List.of(problem), problems(folder, pages(folder)));
    }

    @Test
    void linksInTablesAreChecked() throws IOException {
        write("page.md", "# Page\n\n| a | b |\n|---|---|\n| `c | [a](missing.md) |\n| d` | e |\n");
        assertEquals(List.of("page.md:5: [missing.md]: there is no missing.md"), problems(folder, pages(folder)));
    }

    @Test
    void aPageWithoutATitleIsReported() throws IOException {
        write("page.md", "\n## Part\n");
        assertEquals(List.of("page.md:2: the first heading has level 2"), problems(folder, pages(folder)));
    }

    @Test
    void linesAreCountedFromTheFrontMatter() throws IOException {
        write("home.md", "---\nlayout: home\n---\n\n## Part\n\n[a](missing.md)\n");
        assertEquals(List.of("home.md:7: [missing.md]: there is no missing.md"), problems(folder, pages(folder)));
    }

    @Test
    void linksThatLeadSomewhereAreNotReported() throws IOException {
        write("docs/other.md", "# Other\n\n## Às `primeiras` camadas: 1x1, _x_\n\n## Part\n\n## Part\n");
        write("docs/a b.md", "# Page\n");
        write("docs/text.txt", "one\n");
        write("examples/README.md", "# Examples\n");
        write("target/ignored.md", "[a](missing.md)\n");
        write("docs/page.md", """
            # Page

            [a](other.md#às-primeiras-camadas-1x1-x), [b](other.md#part), [c](other.md#part-1), [d](a%20b.md),
            [e](text.txt#L1), [f](../examples), [g](../examples#examples), [h][link], <https://example.org/a?b=c#d>,
                <a@example.org>

                [code](missing.md)

            [link]: #page
            """);
        write("home.md", "---\nlayout: home\n---\n\n## Part\n\n[a](docs/page.md)\n");
        assertEquals(List.of(), problems(folder, pages(folder)));
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static Map<Path, MarkdownPage> pages(Path root) throws IOException {
        var pages = new TreeMap<Path, MarkdownPage>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                String name = directory.getFileName().toString();
                boolean hidden = name.startsWith(".") && !name.equals(".github") && !directory.equals(root);
                return hidden || NOT_OURS.contains(name) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (file.toString().endsWith(".md")) {
                    pages.put(file, MarkdownPage.read(file));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return pages;
    }

    private static List<String> problems(Path root, Map<Path, MarkdownPage> pages) {
        var problems = new ArrayList<String>();
        pages.forEach((file, page) -> {
            String name = name(root, file);
            checkHeadings(page, (line, reason) -> problems.add(name + ":" + line + ": " + reason));
            page.linesOfHtmlLinks()
                    .forEach(line -> problems.add(name + ":" + line + ": a link in HTML, which is not checked"));
            for (MarkdownPage.Reference reference : page.references()) {
                String reason = reason(root, pages, file, reference);
                if (!reason.isEmpty()) {
                    problems.add(name + ":" + reference.line() + ": [" + reference.destination() + "]: " + reason);
                }
            }
        });
        return problems;
    }

    private interface Report {
        void add(int line, String reason);
    }

    private static void checkHeadings(MarkdownPage page, Report report) {
        int above = page.hasFrontMatter() ? 1 : 0;
        for (MarkdownPage.Title title : page.titles()) {
            if (above > 0 && title.level() == 1) {
                report.add(title.line(), "second heading of level 1");
            } else if (above == 0 && title.level() > 1) {
                report.add(title.line(), "the first heading has level " + title.level());
            } else if (title.level() > above + 1) {
                report.add(title.line(), "heading of level " + title.level() + " below one of level " + above);
            }
            above = title.level();
        }
    }

    /** Returns why a link leads nowhere; empty if it leads somewhere. */
    private static String reason(
            Path root, Map<Path, MarkdownPage> pages, Path file, MarkdownPage.Reference reference) {
        URI link;
        try {
            link = new URI(reference.destination());
        } catch (URISyntaxException malformed) {
            return malformed.getReason() + " at index " + malformed.getIndex();
        }
        if (link.getScheme() != null) {
            return reasonOfAddress(link, reference.image());
        }
        if (link.getPath().startsWith("/")) {
            return "not relative to the page";
        }
        Path target = link.getPath().isEmpty()
                ? file
                : file.resolveSibling(link.getPath()).normalize();
        if (!target.startsWith(root)) {
            return "outside the repository";
        }
        if (!Files.exists(target)) {
            return "there is no " + name(root, target);
        }
        return link.getFragment() == null ? "" : reasonOfAnchor(root, pages, target, link.getFragment());
    }

    private static String reasonOfAddress(URI link, boolean image) {
        if (link.getScheme().equals("mailto") && !image) {
            return "";
        }
        if (!Set.of("http", "https").contains(link.getScheme())) {
            return "neither a file nor an address of the web";
        }
        if (link.getHost() == null) {
            return "an address without a host";
        }
        return image ? "an image of another host" : "";
    }

    private static String reasonOfAnchor(Path root, Map<Path, MarkdownPage> pages, Path target, String anchor) {
        Path page = Files.isDirectory(target) ? target.resolve("README.md") : target;
        if (!pages.containsKey(page)) {
            return anchor.matches(LINES) ? "" : name(root, page) + " has lines (#L1), not headings";
        }
        return pages.get(page).anchors().contains(anchor)
                ? ""
                : name(root, page) + " has no heading with the anchor " + anchor;
    }

    private static String name(Path root, Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }
}
