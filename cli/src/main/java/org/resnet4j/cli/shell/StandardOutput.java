package org.resnet4j.cli.shell;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * Standard output that records why a write failed. {@link PrintStream} only records that one failed, and lost results
 * must not end in the exit code of success.
 */
public final class StandardOutput {
    private final Remembering bytes;
    private final PrintStream text;

    private StandardOutput(Remembering bytes, PrintStream text) {
        this.bytes = bytes;
        this.text = text;
    }

    /** Returns the standard output of the process, in the encoding that the JVM detected, or in UTF-8 for ASCII. */
    public static StandardOutput ofProcess() {
        var bytes = new Remembering(new FileOutputStream(FileDescriptor.out));
        return new StandardOutput(bytes, new PrintStream(bytes, true, ArgumentEncoding.charset(System.out)));
    }

    /** Returns the stream to write to. */
    public PrintStream text() {
        return text;
    }

    /** Returns the reason why a write failed; null if all writes succeeded. */
    @Nullable
    public String failure() {
        text.flush();
        IOException failure = bytes.failure;
        return failure == null ? null : String.valueOf(failure.getMessage());
    }

    private static final class Remembering extends FilterOutputStream {
        private volatile @Nullable IOException failure;

        Remembering(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int start, int length) throws IOException {
            try {
                out.write(bytes, start, length);
            } catch (IOException failed) {
                failure = failure == null ? failed : failure;
                throw failed;
            }
        }
    }
}
