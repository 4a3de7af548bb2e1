package org.resnet4j.weights.torch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.resnet4j.file.ForeignContent;
import org.resnet4j.support.Printable;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.torch.pickle.Opcode;
import org.resnet4j.weights.torch.pickle.Value;
import org.resnet4j.weights.torch.zip.ByteRange;
import org.resnet4j.weights.torch.zip.FileRange;

/**
 * The validated contents of a file, before a state dict is selected.
 *
 * @param root the saved value
 * @param storages the bytes of each storage by its key
 * @param order the byte order of the elements
 * @param bytes the number of bytes to read, after inflating
 */
record TorchContents(Value root, Map<String, ByteRange> storages, ByteOrder order, long bytes) {
    private static final byte[] ZIP_START = {'P', 'K', 3, 4};

    /** The position of the opening brace of a safetensors file, after the length of its header. */
    private static final int SAFETENSORS_BRACE = 8;

    /** Reads a file of either format, recognized by its first bytes. */
    static TorchContents read(FileRange file) throws IOException {
        ByteBuffer start = ByteBuffer.allocate((int) Math.min(ForeignContent.START_BYTES, file.size()));
        file.read(0, start);
        byte[] bytes = start.array();
        if (bytes.length >= ZIP_START.length
                && ByteBuffer.wrap(bytes, 0, ZIP_START.length).equals(ByteBuffer.wrap(ZIP_START))) {
            return TorchZip.read(file);
        }
        if (bytes.length > 0 && Byte.toUnsignedInt(bytes[0]) == Opcode.PROTO) {
            return TorchLegacy.read(file);
        }
        throw unknown(file, bytes);
    }

    private static MalformedFileException unknown(FileRange file, byte[] start) {
        String foreign = ForeignContent.name(start);
        if (foreign != null) {
            return file.malformed("this is not a torch.save file but " + foreign);
        }
        String guess = start.length > SAFETENSORS_BRACE && start[SAFETENSORS_BRACE] == '{'
                ? "it looks like a safetensors file"
                : "it starts with '"
                        + Printable.text(new String(
                                start, 0, Math.min(start.length, SAFETENSORS_BRACE), StandardCharsets.ISO_8859_1))
                        + "'";
        return file.malformed("this is not a torch.save file: " + guess);
    }
}
