package org.resnet4j.cli.inspect;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.resnet4j.evaluation.Judgement;
import org.resnet4j.evaluation.Judgements;

class ErrorsPageTest {
    /** Class 0: two images are right, one is taken for 2. Class 1: both are taken for 2. Class 2: no images. */
    private static final Judgements FIVE = new Judgements(
            List.of(
                    new Judgement(0, 0, 0, 0.95),
                    new Judgement(1, 0, 0, 0.55),
                    new Judgement(2, 0, 2, 1.0),
                    new Judgement(3, 1, 2, 0.62),
                    new Judgement(4, 1, 2, 0.98)),
            3);

    @Test
    void aPageOfManyClassesListsConfusionsInsteadOfAMatrix() {
        List<String> names = IntStream.range(0, 40).mapToObj(i -> "class" + i).toList();
        var all = new ArrayList<Judgement>();
        for (int i = 0; i < 80; i++) {
            all.add(new Judgement(i, i % 40, i < 40 ? i : (i + 1) % 40, 0.5));
        }
        String html = new ErrorsPage("net", "here", new Judgements(all, 40), names, List.of()).html();
        assertTrue(html.contains("Most frequent confusions"), "a list");
        assertTrue(html.contains("<td>class3</td><td>class4</td><td>1</td>"), "with its rows");
        String few = new ErrorsPage("net", "here", FIVE, List.of("a", "b", "c"), List.of()).html();
        assertTrue(few.contains("<td>b</td><td>·</td><td>·</td><td>2</td>"), "a matrix");
        assertTrue(few.contains("Most frequent confusion: b is taken for c, 2 times."), "in words");
        assertTrue(few.contains("2 of 5 images are classified correctly: 40.00\u00a0%. 3 are misclassified."), "lead");
    }

    @Test
    void aPageWithoutMistakesSaysSo() {
        var right = new Judgements(List.of(new Judgement(0, 0, 0, 0.9)), 2);
        String html = new ErrorsPage("net", "here", right, List.of("a", "b"), List.of()).html();
        assertTrue(html.contains("No image is misclassified."), "a sentence instead of a matrix");
    }
}
