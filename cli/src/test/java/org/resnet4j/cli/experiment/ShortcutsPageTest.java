package org.resnet4j.cli.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.resnet4j.cli.report.Page;
import org.resnet4j.cli.report.Plot;
import org.resnet4j.cli.report.Series;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.training.log.MetricsRows;

class ShortcutsPageTest {
    private static Contest.Result result(String name, String title, double error) {
        var contender = new Contender(name, title, ShortcutsCommand.SHORTCUT, ResNets.named("resnet20"), List.of(), "");
        var rows = new MetricsRows(
                List.of(Map.of("epoch", 1.0, "top1", 1 - error / 100, "trainTop1", 1 - error / 100, "seconds", 1.0)));
        return new Contest.Result(contender, 1, rows, false);
    }

    private static Page page() {
        var results = List.of(
                result("A", "resnet20 A (zero padding)", 13.1),
                result("C", "resnet20 C (projection in every block)", 16.15),
                result("none", "plain20 (no shortcuts)", 43.55));
        return new ShortcutsPage(new Contest(1, 2000, results), results.size(), "resnet20").page();
    }

    @Test
    void theLeadNamesEachNetworkWithItsError() {
        assertEquals(
                List.of(
                        "With identity shortcuts (A), the validation error is 13.10 % after 1 epoch.",
                        "Significantly worse are resnet20 C (projection in every block): 16.15 %; plain20 (no"
                                + " shortcuts): 43.55 %."),
                page().lead());
    }

    /** The page is about one network: its name eight times would fill half of the plot on a phone. */
    @Test
    void thePlotsLeaveOutTheNameOfTheNetwork() {
        Plot plot = page().sections().get(1).plots().getFirst();
        assertEquals(
                List.of("A (zero padding)", "C (projection in every block)", "plain20 (no shortcuts)"),
                plot.series().stream().map(Series::name).toList());
    }
}
