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
 * What a file holds, checked, before anything is chosen from it.
 *
 * @param root the value that was saved
 * @param storages the bytes of each storage by its key
 * @param order of the bytes of an element
 * @param bytes how many bytes there are to read, deflated ones inflated
 */
record TorchContents(Value root, Map<String, ByteRange> storages, ByteOrder order, long bytes) {
    private static final byte[] ZIP_START = {'P', 'K', 3, 4};

    /** Behind the length of its header, a safetensors file has a brace. */
    private static final int SAFETENSORS_BRACE = 8;

    /** Reads a file of either format, which is known by its first bytes. */
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
            return file.malformed("this is no torch.save file but " + foreign);
        }
        String guess = start.length > SAFETENSORS_BRACE && start[SAFETENSORS_BRACE] == '{'
                ? "it looks like a safetensors file"
                : "it starts with '"
                        + Printable.text(new String(
                                start, 0, Math.min(start.length, SAFETENSORS_BRACE), StandardCharsets.ISO_8859_1))
                        + "'";
        return file.malformed("this is no torch.save file: " + guess);
    }
}
