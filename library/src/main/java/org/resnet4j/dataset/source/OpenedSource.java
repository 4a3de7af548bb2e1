package org.resnet4j.dataset.source;

import java.io.Closeable;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.DatasetProfile;

/**
 * What a reader found at a source, before anything is held out.
 *
 * @param train the samples to train on, or all where the source does not part them
 * @param validation the samples to validate with; null where the source has none
 * @param files closed when the source is closed
 */
record OpenedSource(
        String source, Dataset train, @Nullable Dataset validation, DatasetProfile profile, Closeable files) {
    /** A source that lies in memory and needs no closing. */
    static OpenedSource inMemory(String source, Dataset train, @Nullable Dataset validation, DatasetProfile profile) {
        return new OpenedSource(source, train, validation, profile, () -> {});
    }
}
