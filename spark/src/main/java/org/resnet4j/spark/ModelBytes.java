package org.resnet4j.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.resnet4j.ImageClassifier;
import org.resnet4j.model.ModelFolder;

/**
 * The two files of a model folder, as the driver sends them to the executors.
 *
 * @param id digest of the content
 * @param description content of {@code config.json}
 * @param weights content of {@code model.safetensors}
 */
@SuppressWarnings("ArrayRecordComponent") // compared by the id alone
record ModelBytes(String id, byte[] description, byte[] weights) implements Serializable {
    static ModelBytes read(FileSystem files, Path folder) throws IOException {
        byte[] description = bytes(files, new Path(folder, ModelFolder.CONFIG));
        byte[] weights = bytes(files, new Path(folder, ModelFolder.WEIGHTS));
        return new ModelBytes(digest(description, weights), description, weights);
    }

    private static byte[] bytes(FileSystem files, Path file) throws IOException {
        try (InputStream in = files.open(file)) {
            return in.readAllBytes();
        }
    }

    private static String digest(byte[] description, byte[] weights) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(description);
            digest.update(weights);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /**
     * Returns a classifier that computes on the threads of its callers.
     *
     * @throws IOException if a file is malformed
     */
    ImageClassifier open() throws IOException {
        return ImageClassifier.builder().model(description, weights).threads(1).build();
    }
}
