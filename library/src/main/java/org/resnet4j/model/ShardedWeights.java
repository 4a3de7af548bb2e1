package org.resnet4j.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.resnet4j.model.json.JsonFile;
import org.resnet4j.tensor.Shape;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.TensorFile;

/**
 * Weights that are divided among several files, as the Hugging Face libraries write them: an index,
 * {@code model.safetensors.index.json}, whose object {@code weight_map} has the name of a file for each tensor. The
 * files are in the folder of the index.
 */
final class ShardedWeights implements TensorFile {
    /** The end of the name of an index. */
    static final String INDEX = ".index.json";

    /** The end of the name of a shard, without its extension. */
    private static final Pattern SHARD = Pattern.compile("-\\d{5}-of-\\d{5}(?=\\.[^.]+$)");

    private static final long MAX_INDEX_BYTES = 64L << 20;
    private static final int MAX_SHARDS = 1_000;

    private final Map<String, TensorFile> files = new LinkedHashMap<>();
    private final Map<String, Shape> shapes = new LinkedHashMap<>();
    private final List<TensorFile> open = new ArrayList<>();

    private ShardedWeights() {}

    /** Opens one shard. */
    interface Opening {
        TensorFile open(Path shard) throws IOException;
    }

    /**
     * Opens all files of an index.
     *
     * @throws MalformedFileException if the index is malformed or names a file elsewhere, or if a file is missing or
     *     has other tensors than the index says
     * @throws IOException if a file cannot be read
     */
    static ShardedWeights open(Path index, Opening opening) throws IOException {
        Map<String, String> places = places(index);
        var shards = new TreeSet<>(places.values());
        if (shards.size() > MAX_SHARDS) {
            throw new MalformedFileException(index, shards.size() + " files are over the limit of " + MAX_SHARDS);
        }
        var all = new ShardedWeights();
        try {
            for (String shard : shards) {
                all.add(index, shard, opening.open(path(index, shard)), places);
            }
            for (Map.Entry<String, String> place : places.entrySet()) {
                if (!all.shapes.containsKey(place.getKey())) {
                    throw new MalformedFileException(
                            index, place.getValue() + " does not contain the tensor '" + place.getKey() + "'");
                }
            }
            return all;
        } catch (Throwable failure) {
            all.close();
            throw failure;
        }
    }

    /** Returns the index to which a file belongs by its name; null if there is none in its folder. */
    static @Nullable Path indexOf(Path file) {
        String name = String.valueOf(file.getFileName());
        Matcher shard = SHARD.matcher(name);
        if (!shard.find()) {
            return null;
        }
        Path index = file.resolveSibling(shard.replaceFirst("") + INDEX);
        return Files.isRegularFile(index) ? index : null;
    }

    private static Map<String, String> places(Path index) throws IOException {
        Object map = JsonFile.read(index, MAX_INDEX_BYTES).get("weight_map");
        if (!(map instanceof Map<?, ?> entries) || entries.isEmpty()) {
            throw new MalformedFileException(index, "the index has no object weight_map with names of tensors");
        }
        var places = new LinkedHashMap<String, String>();
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
            if (!(entry.getValue() instanceof String shard)) {
                throw new MalformedFileException(
                        index, "the file of the tensor '" + entry.getKey() + "' is not a text");
            }
            places.put(String.valueOf(entry.getKey()), shard);
        }
        return places;
    }

    /** Returns the path of a shard, which must be a regular file beside the index. */
    private static Path path(Path index, String shard) throws MalformedFileException {
        Path name = null;
        try {
            name = Path.of(shard);
        } catch (InvalidPathException impossible) {
            // reported below
        }
        boolean plain = name != null
                && name.getNameCount() == 1
                && !name.isAbsolute()
                && !shard.contains("\\")
                && !List.of("", ".", "..").contains(shard)
                && !shard.endsWith(INDEX);
        if (!plain) {
            throw new MalformedFileException(
                    index, "'" + shard + "' is not the name of a file of weights in the folder of the index");
        }
        Path path = index.resolveSibling(shard);
        if (!Files.isRegularFile(path)) {
            throw new MalformedFileException(
                    index,
                    Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? shard + " is not a file" : shard + " is missing");
        }
        return path;
    }

    private void add(Path index, String shard, TensorFile file, Map<String, String> places) throws IOException {
        open.add(file);
        for (Map.Entry<String, Shape> tensor : file.shapes().entrySet()) {
            if (!shard.equals(places.get(tensor.getKey()))) {
                throw new MalformedFileException(
                        index, "the tensor '" + tensor.getKey() + "' in " + shard + " is not in the index");
            }
            files.put(tensor.getKey(), file);
            shapes.put(tensor.getKey(), tensor.getValue());
        }
    }

    @Override
    public Map<String, Shape> shapes() {
        return Collections.unmodifiableMap(shapes);
    }

    @Override
    public void read(String name, int start, int count, float[] target) throws IOException {
        TensorFile file = files.get(name);
        if (file == null) {
            throw new IllegalArgumentException("no tensor is named " + name);
        }
        file.read(name, start, count, target);
    }

    @Override
    public List<String> remarks() {
        return open.stream().flatMap(file -> file.remarks().stream()).distinct().toList();
    }

    /** Closes all files. */
    @Override
    public void close() throws IOException {
        @Nullable IOException problem = null;
        for (TensorFile file : open) {
            try {
                file.close();
            } catch (IOException failure) {
                problem = failure;
            }
        }
        if (problem != null) {
            throw problem;
        }
    }
}
