package org.resnet4j.dataset;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

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

    public DatasetSplits(
            String source,
            Dataset train,
            Dataset validation,
            boolean heldOut,
            DatasetProfile profile,
            List<Closeable> files) {
        this.source = source;
        this.train = train;
        this.validation = validation;
        this.heldOut = heldOut;
        this.profile = profile;
        this.files = List.copyOf(files);
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
