package org.resnet4j.cli;

import java.io.IOException;
import java.util.List;
import org.resnet4j.cli.report.Table;
import org.resnet4j.kernel.Kernels;

/** On what a page's figures were computed. */
final class EnvironmentTable {
    private EnvironmentTable() {}

    static Table of(Kernels kernels, int threads) throws IOException {
        String[] versions = new VersionProvider().getVersion();
        return new Table(
                "Environment",
                List.of("what", "value"),
                List.of(
                        List.of("program", versions[0]),
                        List.of("system", versions[1]),
                        List.of("threads", Integer.toString(threads)),
                        List.of("kernels", kernels.name())));
    }
}
