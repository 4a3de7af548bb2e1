package org.resnet4j.cli.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.training.log.MetricsRows;

class DegradationPageTest {
    private static Contest.Result result(String name, double validation, double training) {
        var contender = new Contender(
                name,
                name,
                name.startsWith("plain") ? DegradationCommand.PLAIN : DegradationCommand.RESIDUAL,
                ResNets.named(name),
                List.of(),
                "");
        var rows = new MetricsRows(
                List.of(Map.of("epoch", 1.0, "top1", 1 - validation / 100, "trainTop1", 1 - training / 100)));
        return new Contest.Result(contender, 1, rows, false);
    }

    private static List<String> lead(Contest.Result... results) {
        var contest = new Contest(1, 10_000, List.of(results));
        return new DegradationPage(contest, results.length).page().lead();
    }

    @Test
    void whatThePapersSayIsSaidWhereItIsSo() {
        String lead = String.join(
                "\n",
                lead(
                        result("resnet20", 12, 11),
                        result("plain20", 13, 12),
                        result("resnet56", 12.3, 10.5),
                        result("plain56", 25, 24)));
        assertTrue(lead.contains("Plain networks get worse with depth: the validation error is 13.00 %"), lead);
        assertTrue(lead.contains("25.00 % with 56"), lead);
        assertTrue(
                lead.contains("Residual networks do not change significantly with depth: the validation error is"
                        + " 12.00 %"),
                lead);
        assertTrue(lead.contains("it does not overfit, it fails to fit"), lead);
        assertTrue(
                lead.contains(
                        "With 56 layers, the validation error is 25.00 % without shortcuts and 12.30 % with them"),
                lead);
    }

    @Test
    void whatIsOtherwiseIsSaidOtherwise() {
        String lead = String.join(
                "\n",
                lead(
                        result("resnet20", 12, 11),
                        result("plain20", 25, 24),
                        result("resnet56", 14, 13),
                        result("plain56", 20, 25)));
        assertTrue(lead.contains("Plain networks get better with depth"), lead);
        assertTrue(lead.contains("Residual networks get worse with depth"), lead);
        assertFalse(lead.contains("fails to fit"), lead);
    }

    @Test
    void oneNetworkOfAKindSaysNothingOfDepth() {
        assertEquals(List.of(), lead(result("resnet20", 12, 11)));
    }

    @Test
    void whatIsMissingIsSaid() {
        var contest = new Contest(2, 10_000, List.of(result("resnet20", 12, 11)));
        assertEquals(
                "This experiment is not finished: 0 of 4 networks are trained.",
                new DegradationPage(contest, 4).page().lead().getFirst());
    }
}
