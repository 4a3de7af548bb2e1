package org.resnet4j.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A way from picture files to logits. Each peer runs in a process of its own, a {@link PictureWorker}. */
public interface PicturePeer {
    /** Returns the name, for the table and to select the peer. */
    String name();

    /**
     * Opens the network.
     *
     * @param network a folder with the network as {@link PictureNetwork} writes it
     */
    Running open(Path network, int threads) throws IOException;

    /** An opened network. */
    interface Running extends AutoCloseable {
        /**
         * Computes the logits of each file, in order.
         *
         * @throws IOException if a file is not a readable picture
         */
        float[][] predict(List<Path> files) throws IOException;

        @Override
        void close();
    }
}
