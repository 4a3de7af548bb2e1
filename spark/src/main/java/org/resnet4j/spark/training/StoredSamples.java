package org.resnet4j.spark.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.image.Image;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.image.file.Picture;

/**
 * The samples of a task, in a temporary file of the executor: a round's pictures need not fit into memory, and are read
 * in the order of the shards by several threads.
 */
final class StoredSamples implements Dataset {
    /** The place of a sample in the file. */
    private record Entry(long offset, int length, int label, String origin) {}

    private final Path file;
    private final FileChannel channel;
    private final int size;
    private final List<String> classes;
    private final Map<Integer, Entry> entries = new HashMap<>();

    private StoredSamples(Path file, FileChannel channel, int size, List<String> classes) {
        this.file = file;
        this.channel = channel;
        this.size = size;
        this.classes = classes;
    }

    /**
     * Stores samples.
     *
     * @param folder a folder for temporary files
     * @param size the number of samples of the dataset, of which these are some
     */
    static StoredSamples of(Iterator<Sample> samples, Path folder, int size, List<String> classes) throws IOException {
        Path file = Files.createTempFile(folder, "resnet4j-", ".samples");
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        var stored = new StoredSamples(file, channel, size, classes);
        try {
            stored.write(samples);
            return stored;
        } catch (IOException | RuntimeException | Error failure) {
            channel.close();
            throw failure;
        }
    }

    private void write(Iterator<Sample> samples) throws IOException {
        long offset = 0;
        while (samples.hasNext()) {
            Sample sample = samples.next();
            ByteBuffer content = ByteBuffer.wrap(sample.content());
            while (content.hasRemaining()) {
                channel.write(content, offset + content.position());
            }
            entries.put(sample.index(), new Entry(offset, sample.content().length, sample.label(), sample.origin()));
            offset += sample.content().length;
        }
    }

    private Entry entry(int index) {
        Entry entry = entries.get(index);
        if (entry == null) {
            throw new IllegalStateException("sample " + index + " is not one of this task");
        }
        return entry;
    }

    private byte[] content(Entry entry) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(entry.length());
        while (content.hasRemaining()) {
            if (channel.read(content, entry.offset() + content.position()) < 0) {
                throw new IOException(entry.origin() + ": the temporary file " + file + " was cut off");
            }
        }
        return content.array();
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public int label(int index) {
        return entry(index).label();
    }

    @Override
    public Image image(int index) throws IOException {
        Entry entry = entry(index);
        return ImageDecoder.decode(content(entry), entry.origin());
    }

    @Override
    public Picture picture(int index) throws IOException {
        Entry entry = entry(index);
        return ImageDecoder.open(content(entry), entry.origin());
    }

    @Override
    public String origin(int index) {
        return entry(index).origin();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
