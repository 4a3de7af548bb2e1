package org.resnet4j.onnx.read;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.resnet4j.onnx.read.StoredTensor.Place;
import org.resnet4j.weights.MalformedFileException;

/**
 * The external files beside a model that hold its weights. Since the model itself names them, only regular files in the
 * model's own folder or below it are opened, and no links are followed.
 */
public final class ExternalFiles implements Closeable {
    private final Path model;
    private final Map<String, FileChannel> open = new HashMap<>();

    public ExternalFiles(Path model) {
        this.model = model;
    }

    /**
     * Returns the location of a tensor's elements.
     *
     * @param entries the tensor's entries: {@code location}, {@code offset}, {@code length}
     * @param position position of the tensor in the model's file
     * @throws MalformedFileException if the file must not be read or does not exist
     */
    Place find(String tensor, Map<String, String> entries, long position) throws IOException {
        String location = entries.getOrDefault("location", "");
        String subject = "tensor '" + tensor + "' lies in '" + location + "'";
        Path file = file(location, subject, position);
        FileChannel channel = open.get(location);
        if (channel == null) {
            channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
            open.put(location, channel);
        }
        long offset = number(entries, "offset", 0, subject, position);
        long length = number(entries, "length", Math.max(0, channel.size() - offset), subject, position);
        if (offset > channel.size() || length > channel.size() - offset) {
            throw new MalformedFileException(
                    model,
                    position,
                    subject + " from byte " + offset + ", " + length + " bytes; the file has " + channel.size());
        }
        return new Place(file, channel, offset, length);
    }

    private Path file(String location, String subject, long position) throws MalformedFileException {
        Path relative;
        try {
            relative = Path.of(location);
        } catch (InvalidPathException impossible) {
            throw new MalformedFileException(model, position, subject + ", which is not a path");
        }
        boolean leaves = relative.isAbsolute() || location.indexOf('\\') >= 0 || location.isEmpty();
        for (Path part : relative) {
            leaves |= part.toString().equals("..");
        }
        if (leaves) {
            throw new MalformedFileException(
                    model, position, subject + "; it must be a file in the model's folder, by a relative path");
        }
        Path file = model.resolveSibling(relative);
        Path folder = model.toAbsolutePath().getParent();
        for (Path at = file.toAbsolutePath(); at != null && !at.equals(folder); at = at.getParent()) {
            if (Files.isSymbolicLink(at)) {
                throw new MalformedFileException(model, position, subject + "; " + at.getFileName() + " is a link");
            }
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new MalformedFileException(model, position, subject + ", and there is no such file");
        }
        return file;
    }

    private long number(Map<String, String> entries, String key, long otherwise, String subject, long position)
            throws MalformedFileException {
        String text = entries.get(key);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("\\d{1,18}")) {
            throw new MalformedFileException(model, position, subject + "; its " + key + " is not a number");
        }
        return Long.parseLong(text);
    }

    @Override
    public void close() throws IOException {
        for (FileChannel channel : open.values()) {
            channel.close();
        }
    }
}
