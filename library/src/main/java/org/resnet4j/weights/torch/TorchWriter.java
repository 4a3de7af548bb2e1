package org.resnet4j.weights.torch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.resnet4j.file.AtomicFile;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.StateDict;
import org.resnet4j.weights.torch.pickle.PickleWriter;
import org.resnet4j.weights.torch.zip.ZipWriter;

/** A writer of the zip format: the entries that every PyTorch since 1.6 requires, in its order. */
final class TorchWriter {
    private static final String FOLDER = "archive/";

    /** The version of PyTorch's zip format. */
    private static final String VERSION = "3\n";

    private TorchWriter() {}

    /**
     * Writes a file.
     *
     * @param zip64 true to use 64-bit numbers even if 32 bits are sufficient
     */
    static void write(Path path, StateDict tensors, boolean zip64) throws IOException {
        Map<String, Tensor> byName = tensors.tensors();
        byte[] pickle = PickleWriter.stateDict(byName);
        AtomicFile.write(path, channel -> {
            var zip = new ZipWriter(channel, zip64);
            zip.add(FOLDER + "data.pkl", pickle);
            zip.add(FOLDER + "byteorder", ascii("little"));
            int key = 0;
            for (Tensor tensor : byName.values()) {
                zip.add(FOLDER + "data/" + key, tensor);
                key++;
            }
            zip.add(FOLDER + "version", ascii(VERSION));
            zip.finish();
        });
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
