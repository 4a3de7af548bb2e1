package org.resnet4j.file;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names what people get in place of a file of weights: what a download left that did not go well. */
public final class ForeignContent {
    /** The number of bytes from the start of a file that are needed. */
    public static final int START_BYTES = 64;

    private static final String LFS_POINTER = "version https://git-lfs";

    private ForeignContent() {}

    /**
     * Says what a file seems to be.
     *
     * @param start up to {@link #START_BYTES} from its start
     * @return a phrase such as {@code a web page, …}; null if nothing is known
     */
    public static @Nullable String name(byte[] start) {
        if (start.length == 0) {
            return "an empty file";
        }
        String text = new String(start, StandardCharsets.ISO_8859_1).stripLeading();
        if (text.startsWith(LFS_POINTER)) {
            return "a Git LFS pointer, which stands for a file that is kept elsewhere; get the file itself (git lfs"
                    + " pull)";
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("<!doctype html") || lower.startsWith("<html") || lower.startsWith("<head")) {
            return "a web page, not the file that it links to";
        }
        if (lower.startsWith("<?xml") || lower.startsWith("<error")) {
            return "an XML document, perhaps a server's message";
        }
        if (start[0] == '{' || start[0] == '[') {
            return "JSON text, perhaps a server's message or a description without weights";
        }
        if (start.length > 1 && start[0] == 0x1f && start[1] == (byte) 0x8b) {
            return "a gzip file; unpack it first";
        }
        return null;
    }
}
