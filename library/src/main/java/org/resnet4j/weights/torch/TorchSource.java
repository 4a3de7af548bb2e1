package org.resnet4j.weights.torch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.resnet4j.support.Printable;
import org.resnet4j.tensor.Shape;
import org.resnet4j.weights.AmbiguousWeightsException;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.TensorFile;
import org.resnet4j.weights.element.ElementType;
import org.resnet4j.weights.torch.pickle.TensorView;
import org.resnet4j.weights.torch.zip.FileRange;

/**
 * An open {@code torch.save} file, read tensor by tensor. The whole structure is checked when the file is opened;
 * tensors are read on request. Not thread-safe.
 *
 * <p>Both formats are supported, the zip file of PyTorch 1.6 and later and the older one; they are recognized by their
 * first bytes. Nothing in the file is ever executed, and no class is instantiated: everything beyond containers, numbers,
 * strings and tensors (the arguments of a training script, NumPy objects, paths) is skipped. A whole saved module is
 * rejected by name, and so are tensors of unsupported kinds and functions that run programs.
 *
 * <p>The state dict is the saved dict, or the only nested dict with convolutions, up to three keys deep, also in a list or
 * tuple; dicts of optimizers, schedulers and scalers are skipped. If there are several, averaged weights
 * ({@code state_dict_ema}, {@code model_ema}, {@code ema}) take precedence over a single other dict, as in timm, and
 * {@link #remarks} reports this. Otherwise a key selects one: {@code model.state_dict}, or {@code encoder_q} for the
 * tensors whose names begin with it. A matrix in a dict beside the network's may be its classifier: without a key, such
 * dicts and the network's form one state dict, with their keys prepended to the names. Values that are not tensors are
 * skipped, and so are vectors and single matrices beside the network. A prefix {@code module.}, {@code _orig_mod.} or {@code model.} of all names is removed.
 *
 * <p>{@link ElementType} defines the conversion of elements to floats; complex and quantized types are rejected.
 * Views with any strides are supported. Memory is limited to a small multiple of the file's size, whatever the file
 * claims; deflated entries are inflated into memory.
 */
public final class TorchSource implements TensorFile {
    /** The maximum number of elements of all tensors for each byte of the file: views may share and repeat storages. */
    private static final int MAX_REPETITION = 4;

    private final Path path;
    private final FileChannel channel;
    private final Map<String, TensorView> views = new LinkedHashMap<>();
    private final Map<String, Shape> shapes = new LinkedHashMap<>();
    private final ViewReader reader;
    private final List<String> remarks;

    private TorchSource(Path path, FileChannel channel, TorchContents contents, @Nullable String key)
            throws IOException {
        this.path = path;
        this.channel = channel;
        this.reader = new ViewReader(contents.storages(), contents.order());
        long elements = 0;
        try {
            StateDictFinder.Found found = StateDictFinder.find(contents.root(), key);
            remarks = List.copyOf(found.remarks());
            for (Map.Entry<String, TensorView> entry : found.tensors().entrySet()) {
                String name = entry.getKey();
                TensorView view = entry.getValue().collapsed();
                shapes.put(name, shape(name, entry.getValue()));
                views.put(name, view);
                elements += view.isContiguous() ? view.count() : Math.max(view.count(), view.span());
                if (elements > MAX_REPETITION * contents.bytes()) {
                    throw new IllegalArgumentException("the tensors up to '" + Printable.text(name)
                            + "' have or span more than " + MAX_REPETITION
                            + " times as many elements as the file has bytes: they repeat the same few");
                }
            }
        } catch (StateDictFinder.SeveralException several) {
            throw new AmbiguousWeightsException(path, several.keys());
        } catch (IllegalArgumentException wrong) {
            throw new MalformedFileException(path, String.valueOf(wrong.getMessage()));
        }
    }

    /**
     * Opens a file and checks its structure.
     *
     * @throws MalformedFileException if the file is damaged, contains no state dict, or uses anything but plain data
     * @throws AmbiguousWeightsException if it contains several state dicts
     * @throws IOException if the file cannot be read
     */
    public static TorchSource open(Path path) throws IOException {
        return open(path, null);
    }

    /**
     * Opens a file that may contain several state dicts, and checks its structure.
     *
     * @param key the key of the state dict, or a prefix of its names; null for the only one
     * @throws MalformedFileException if the file is damaged, has nothing under the key, or uses anything but plain data
     * @throws AmbiguousWeightsException if it contains several state dicts and there is no key
     * @throws IOException if the file cannot be read
     */
    public static TorchSource open(Path path, @Nullable String key) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException(path + " is a folder, not a torch.save file");
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return new TorchSource(path, channel, TorchContents.read(FileRange.of(path, channel)), key);
        } catch (Throwable failure) {
            channel.close();
            throw failure;
        }
    }

    private static Shape shape(String name, TensorView view) {
        var extents = new int[view.sizes().length];
        for (int axis = 0; axis < extents.length; axis++) {
            extents[axis] = (int) Math.min(view.sizes()[axis], Integer.MAX_VALUE);
            if (extents[axis] != view.sizes()[axis]
                    || view.count() > Integer.MAX_VALUE
                    || view.span() > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException("tensor '" + Printable.text(name) + "' is too large: more than "
                        + Integer.MAX_VALUE + " elements are not supported");
            }
        }
        return Shape.of(extents);
    }

    @Override
    public List<String> remarks() {
        return remarks;
    }

    /** Returns the shapes in the order of the state dict. */
    @Override
    public Map<String, Shape> shapes() {
        return Collections.unmodifiableMap(shapes);
    }

    @Override
    public void read(String name, int start, int count, float[] target) throws IOException {
        TensorView view = views.get(name);
        if (view == null) {
            throw new IllegalArgumentException(path + " has no tensor named " + name);
        }
        Objects.checkFromIndexSize(start, count, (int) view.count());
        Objects.checkFromIndexSize(0, count, target.length);
        reader.read(view, start, count, target);
    }

    /** Closes the file. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
