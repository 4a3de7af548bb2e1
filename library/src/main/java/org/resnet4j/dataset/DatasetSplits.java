package org.resnet4j.dataset;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * A source opened for training: images to train on and images to validate with, of the same classes.
 *
 * <p>Close this, not its parts: both read from the same files.
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

    /** What was opened, as the user named it. */
    public String source() {
        return source;
    }

    /** The class names of both parts, in the order of the labels. */
    public List<String> classes() {
        return train.classes();
    }

    /** The images to train on. */
    public Dataset train() {
        return train;
    }

    /** The images to validate with. */
    public Dataset validation() {
        return validation;
    }

    /** Whether the validation images were held out of the training images, because the source has none of its own. */
    public boolean validationHeldOut() {
        return heldOut;
    }

    /** What suits these images. */
    public DatasetProfile profile() {
        return profile;
    }

    /** Closes the files behind both parts. */
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
