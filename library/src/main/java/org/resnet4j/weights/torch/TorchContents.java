package org.resnet4j.weights.torch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.resnet4j.weights.MalformedFileException;

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
    private static final int START_BYTES = 9;
    private static final String LFS_START = "version h";

    /** Reads a file of either format, which is known by its first bytes. */
    static TorchContents read(FileRange file) throws IOException {
        ByteBuffer start = ByteBuffer.allocate((int) Math.min(START_BYTES, file.size()));
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
        String text = new String(start, StandardCharsets.ISO_8859_1);
        String guess;
        if (start.length == 0) {
            guess = "the file is empty";
        } else if (text.length() == START_BYTES && text.charAt(START_BYTES - 1) == '{') {
            guess = "it looks like a safetensors file";
        } else if (text.equals(LFS_START)) {
            guess = "it looks like a pointer of Git LFS; fetch the file itself";
        } else if (text.startsWith("<")) {
            guess = "it looks like a web page";
        } else {
            guess = "it starts with '" + Printable.text(text) + "'";
        }
        return file.malformed(0, "this is no torch.save file: " + guess);
    }
}
