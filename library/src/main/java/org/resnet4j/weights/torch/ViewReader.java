package org.resnet4j.weights.torch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.weights.element.ElementType;
import org.resnet4j.weights.torch.pickle.TensorView;
import org.resnet4j.weights.torch.zip.ByteRange;

/** A reader of elements of views: contiguous ones from the file, others from a copy of their range of the storage. */
final class ViewReader {
    /** A multiple of every element's size, small enough to stay in the cache between reading and decoding. */
    private static final int CHUNK_BYTES = 1 << 18;

    private final Map<String, ByteRange> storages;
    private final ByteBuffer chunk;

    /** The most recently read view that is not contiguous, and its range of the storage. */
    private @Nullable TensorView spread;

    private float[] stretch = {};

    ViewReader(Map<String, ByteRange> storages, ByteOrder order) {
        this.storages = storages;
        this.chunk = ByteBuffer.allocateDirect(CHUNK_BYTES).order(order);
    }

    /** Reads elements {@code start} to {@code start + count} of a collapsed view, row-major. */
    void read(TensorView view, int start, int count, float[] target) throws IOException {
        if (view.isContiguous()) {
            readRow(view, view.offset() + start, count, target);
        } else {
            if (!view.equals(spread)) {
                spread = null;
                stretch = new float[Math.toIntExact(view.span())];
                readRow(view, view.offset(), stretch.length, stretch);
                spread = view;
            }
            gather(view, start, count, target);
        }
    }

    private void readRow(TensorView view, long first, int count, float[] target) throws IOException {
        ElementType type = view.type();
        ByteRange storage = storages.get(view.storage().key());
        if (storage == null) {
            throw new IllegalStateException(
                    "no bytes are known of storage " + view.storage().key());
        }
        int most = CHUNK_BYTES / type.bytes();
        for (int done = 0; done < count; done += most) {
            int next = Math.min(most, count - done);
            chunk.clear().limit(next * type.bytes());
            storage.read((first + done) * type.bytes(), chunk);
            type.decode(chunk.flip(), target, done, next);
        }
    }

    private void gather(TensorView view, int start, int count, float[] target) {
        long[] sizes = view.sizes();
        long[] strides = view.strides();
        int last = sizes.length - 1;
        var index = new long[sizes.length];
        long rest = start;
        int place = 0;
        for (int axis = last; axis >= 0; axis--) {
            index[axis] = rest % sizes[axis];
            rest /= sizes[axis];
            place += (int) (index[axis] * strides[axis]);
        }
        int step = (int) strides[last];
        for (int done = 0; done < count; ) {
            int row = (int) Math.min(count - done, sizes[last] - index[last]);
            for (int i = 0; i < row; i++) {
                target[done + i] = stretch[place + i * step];
            }
            done += row;
            place += row * step;
            index[last] += row;
            for (int axis = last; axis > 0 && index[axis] == sizes[axis]; axis--) {
                place += (int) (strides[axis - 1] - sizes[axis] * strides[axis]);
                index[axis] = 0;
                index[axis - 1]++;
            }
        }
    }
}
