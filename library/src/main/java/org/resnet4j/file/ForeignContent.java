package org.resnet4j.file;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A detector of common content that is saved or named instead of a weight file, such as the result of a failed download
 * or the weights of another framework.
 */
public final class ForeignContent {
    /** The number of bytes that are needed from the start of a file. */
    public static final int START_BYTES = 512;

    private static final String LFS_POINTER = "version https://git-lfs";

    /** The position of the signature in the header of a tar archive. */
    private static final int TAR_SIGNATURE = 257;

    private static final int WEBP_SIGNATURE = 8;

    private ForeignContent() {}

    /**
     * Returns a description of the content.
     *
     * @param start up to {@link #START_BYTES} from the start of the file
     * @return a phrase such as {@code a web page, …}; null if the content is not recognized
     */
    public static @Nullable String name(byte[] start) {
        if (start.length == 0) {
            return "an empty file";
        }
        String text = new String(start, StandardCharsets.ISO_8859_1).stripLeading();
        if (text.startsWith(LFS_POINTER)) {
            return "a Git LFS pointer, not the file itself; get the file (git lfs" + " pull)";
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("<!doctype html") || lower.startsWith("<html") || lower.startsWith("<head")) {
            return "a web page, not the file that it links to";
        }
        if (lower.startsWith("<?xml") || lower.startsWith("<error")) {
            return "an XML document, perhaps a server's error message";
        }
        if (start[0] == '{' || start[0] == '[') {
            return "JSON text, perhaps a server's error message or a description without weights";
        }
        if (start.length > 1 && start[0] == 0x1f && start[1] == (byte) 0x8b) {
            return "a gzip file; unpack it first";
        }
        return binary(new String(start, StandardCharsets.ISO_8859_1));
    }

    private static @Nullable String binary(String start) {
        if (start.startsWith("ustar", TAR_SIGNATURE)) {
            return "a tar archive; unpack it first";
        }
        if (start.startsWith("\u0089HDF\r\n")) {
            return "an HDF5 file, as Keras writes; only safetensors, PyTorch and ONNX are read";
        }
        if (start.startsWith("\u0093NUMPY")) {
            return "a NumPy array; only safetensors, PyTorch and ONNX are read";
        }
        boolean picture = start.startsWith("\u00ff\u00d8\u00ff")
                || start.startsWith("\u0089PNG")
                || start.startsWith("GIF8")
                || (start.startsWith("RIFF") && start.startsWith("WEBP", WEBP_SIGNATURE));
        return picture ? "a picture" : null;
    }
}
