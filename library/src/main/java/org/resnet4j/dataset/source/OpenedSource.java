package org.resnet4j.dataset.source;

import java.io.Closeable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.DatasetProfile;
import org.resnet4j.dataset.DatasetSplits;

/**
 * The contents of a source before a part is held out.
 *
 * @param train the training set, or all samples if the source does not divide them
 * @param validation the validation set; null if the source has none
 * @param files closed together with the source
 * @param found what was found beside the samples
 */
record OpenedSource(
        String source,
        Dataset train,
        @Nullable Dataset validation,
        DatasetProfile profile,
        Closeable files,
        Findings found) {
    /**
     * The files of a source that are not samples, and assumptions made about its layout.
     *
     * @param otherFiles the number of files by kind
     * @param remarks lines for display
     */
    record Findings(Map<String, Integer> otherFiles, List<String> remarks) {
        static final Findings NONE = new Findings(Map.of(), List.of());

        DatasetSplits in(DatasetSplits splits) {
            return splits.withFindings(otherFiles, remarks);
        }
    }

    /** Returns a source in memory, which needs no closing. */
    static OpenedSource inMemory(String source, Dataset train, @Nullable Dataset validation, DatasetProfile profile) {
        return new OpenedSource(source, train, validation, profile, () -> {}, Findings.NONE);
    }
}
