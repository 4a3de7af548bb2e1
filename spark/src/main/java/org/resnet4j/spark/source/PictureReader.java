package org.resnet4j.spark.source;

import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;

/** A reader of listed pictures, sent to the executors. */
public interface PictureReader extends Serializable {
    /** Opens the source on an executor. */
    Open open(Configuration hadoop) throws IOException;

    /** An open source. */
    interface Open extends Closeable {
        /**
         * Reads a picture.
         *
         * @throws IOException if it cannot be read, is too large or damaged; the message names it
         */
        byte[] read(ListedPicture picture) throws IOException;

        /** Returns the URI of a picture. */
        String uri(ListedPicture picture);
    }
}
