package org.resnet4j.cli.report;

import java.io.IOException;
import java.util.LinkedHashMap;
import org.resnet4j.cli.shell.VersionProvider;
import org.resnet4j.compute.Compute;

/** The table of the software and hardware that a page's figures were computed on. */
public final class EnvironmentTable {
    private EnvironmentTable() {}

    public static Table of(int threads) throws IOException {
        String[] versions = new VersionProvider().getVersion();
        var values = new LinkedHashMap<String, String>();
        values.put("program", versions[0]);
        values.put("system", versions[1]);
        values.put("threads", Integer.toString(threads));
        values.put("kernels", Compute.bestKernels());
        return Table.of("Environment", values);
    }
}
