package org.resnet4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SourceSpan;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/** The headings and links of a Markdown file, as GitHub and the documentation site read it. */
final class MarkdownPage extends AbstractVisitor {
    private static final Parser PARSER = Parser.builder()
            .extensions(List.of(TablesExtension.create()))
            .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
            .build();

    /** A heading at a line, counted from 1. */
    record Title(int line, int level, String text) {}

    /** A link, or an image, at a line, counted from 1. */
    record Reference(int line, String destination, boolean image) {}

    private final List<Title> titles = new ArrayList<>();
    private final List<Reference> references = new ArrayList<>();
    private final List<Integer> linesOfHtmlLinks = new ArrayList<>();
    private final boolean frontMatter;
    private int line;

    private MarkdownPage(boolean frontMatter) {
        this.frontMatter = frontMatter;
    }

    static MarkdownPage read(Path file) throws IOException {
        String text = Files.readString(file);
        int end = text.startsWith("---\n") ? text.indexOf("\n---\n", 3) : -1;
        var page = new MarkdownPage(end > 0);
        // Front matter is not Markdown. Empty lines take its place, so that the others keep their numbers.
        String markdown = end > 0 ? text.substring(0, end + 5).replaceAll(".+", "") + text.substring(end + 5) : text;
        PARSER.parse(markdown).accept(page);
        return page;
    }

    /** Returns true if the page begins with front matter, which may contain its title. */
    boolean hasFrontMatter() {
        return frontMatter;
    }

    List<Title> titles() {
        return titles;
    }

    List<Reference> references() {
        return references;
    }

    /** Returns the lines of HTML that contains links or images. */
    List<Integer> linesOfHtmlLinks() {
        return linesOfHtmlLinks;
    }

    /** Returns the anchors of all headings, as GitHub forms them. */
    Set<String> anchors() {
        var anchors = new LinkedHashSet<String>();
        var generator = IdGenerator.builder().build();
        titles.forEach(title -> anchors.add(generator.generateId(title.text())));
        return anchors;
    }

    @Override
    public void visit(Heading heading) {
        at(heading);
        var text = new StringBuilder();
        heading.accept(new AbstractVisitor() {
            @Override
            public void visit(Text part) {
                text.append(part.getLiteral());
            }

            @Override
            public void visit(Code part) {
                text.append(part.getLiteral());
            }
        });
        titles.add(new Title(line, heading.getLevel(), text.toString()));
        visitChildren(heading);
    }

    @Override
    public void visit(Link link) {
        at(link);
        references.add(new Reference(line, link.getDestination(), false));
        visitChildren(link);
    }

    @Override
    public void visit(Image image) {
        at(image);
        references.add(new Reference(line, image.getDestination(), true));
    }

    @Override
    public void visit(HtmlBlock html) {
        html(html, html.getLiteral());
    }

    @Override
    public void visit(HtmlInline html) {
        html(html, html.getLiteral());
    }

    private void html(Node node, String literal) {
        at(node);
        if (literal.contains("href=") || literal.contains("src=")) {
            linesOfHtmlLinks.add(line);
        }
    }

    private void at(Node node) {
        List<SourceSpan> spans = node.getSourceSpans();
        line = spans.getFirst().getLineIndex() + 1;
    }
}
