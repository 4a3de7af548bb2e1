package org.resnet4j.dataset;

import java.io.Closeable;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A source opened for training: a training set and a validation set with the same classes.
 *
 * <p>Close this object, not its parts: both read from the same files.
 *
 * @since 0.1.0
 */
public final class DatasetSplits implements Closeable {
    private final String source;
    private final Dataset train;
    private final Dataset validation;
    private final boolean heldOut;
    private final DatasetProfile profile;
    private final List<Closeable> files;
    private final Map<String, Integer> otherFiles;
    private final List<String> remarks;

    public DatasetSplits(
            String source,
            Dataset train,
            Dataset validation,
            boolean heldOut,
            DatasetProfile profile,
            List<Closeable> files) {
        this(source, new DatasetSplits(source, train, validation, heldOut, profile), files, Map.of(), List.of());
    }

    private DatasetSplits(String source, Dataset train, Dataset validation, boolean heldOut, DatasetProfile profile) {
        this.source = source;
        this.train = train;
        this.validation = validation;
        this.heldOut = heldOut;
        this.profile = profile;
        this.files = List.of();
        this.otherFiles = Map.of();
        this.remarks = List.of();
    }

    private DatasetSplits(
            String source,
            DatasetSplits parts,
            List<Closeable> files,
            Map<String, Integer> otherFiles,
            List<String> remarks) {
        this.source = source;
        this.train = parts.train;
        this.validation = parts.validation;
        this.heldOut = parts.heldOut;
        this.profile = parts.profile;
        this.files = List.copyOf(files);
        this.otherFiles = Collections.unmodifiableMap(new TreeMap<>(otherFiles));
        this.remarks = List.copyOf(remarks);
    }

    /**
     * Returns a copy with what was found beside the samples.
     *
     * @param other the number of other files by kind
     * @param lines remarks on the source, each a line for display
     */
    public DatasetSplits withFindings(Map<String, Integer> other, List<String> lines) {
        return new DatasetSplits(source, this, files, other, lines);
    }

    /**
     * Returns a copy with another name of the source, for a run that resumes with the same data in another place.
     */
    public DatasetSplits withSource(String name) {
        return new DatasetSplits(name, this, files, otherFiles, remarks);
    }

    /**
     * Returns the number of files of the source that are not used, by kind: {@code .txt}, {@code hidden}, {@code empty}.
     */
    public Map<String, Integer> otherFiles() {
        return otherFiles;
    }

    /** Returns remarks on the source, each a line for display: pictures that are not used, and assumptions. */
    public List<String> remarks() {
        return remarks;
    }

    /** Returns the source as the user named it. */
    public String source() {
        return source;
    }

    /** Returns the class names of both parts, in the order of the labels. */
    public List<String> classes() {
        return train.classes();
    }

    /** Returns the training set. */
    public Dataset train() {
        return train;
    }

    /** Returns the validation set. */
    public Dataset validation() {
        return validation;
    }

    /** Returns true if the validation set was held out of the training set, because the source has none. */
    public boolean validationHeldOut() {
        return heldOut;
    }

    /** Returns the defaults for these images. */
    public DatasetProfile profile() {
        return profile;
    }

    /** Closes the files of both parts. */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (Closeable file : files) {
            try {
                file.close();
            } catch (IOException thrown) {
                if (failure == null) {
                    failure = thrown;
                } else {
                    failure.addSuppressed(thrown);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
