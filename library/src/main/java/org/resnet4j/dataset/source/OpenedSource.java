package org.resnet4j.dataset.source;

import java.io.Closeable;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.DatasetProfile;

/**
 * The contents of a source before a part is held out.
 *
 * @param train the training set, or all samples if the source does not divide them
 * @param validation the validation set; null if the source has none
 * @param files closed together with the source
 */
record OpenedSource(
        String source, Dataset train, @Nullable Dataset validation, DatasetProfile profile, Closeable files) {
    /** Returns a source in memory, which needs no closing. */
    static OpenedSource inMemory(String source, Dataset train, @Nullable Dataset validation, DatasetProfile profile) {
        return new OpenedSource(source, train, validation, profile, () -> {});
    }
}
