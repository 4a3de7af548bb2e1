package org.resnet4j.weights.torch;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.resnet4j.support.Printable;
import org.resnet4j.weights.torch.pickle.PickleInterpreter;
import org.resnet4j.weights.torch.pickle.PickleReader;
import org.resnet4j.weights.torch.pickle.StorageTable;
import org.resnet4j.weights.torch.pickle.Value;
import org.resnet4j.weights.torch.pickle.Value.Huge;
import org.resnet4j.weights.torch.pickle.Value.Mapping;
import org.resnet4j.weights.torch.pickle.Value.Sequence;
import org.resnet4j.weights.torch.pickle.Value.Storage;
import org.resnet4j.weights.torch.pickle.Value.Text;
import org.resnet4j.weights.torch.pickle.Value.Whole;
import org.resnet4j.weights.torch.zip.ByteRange;
import org.resnet4j.weights.torch.zip.FileRange;

/**
 * The format before PyTorch 1.6: five pickles (a magic number, the protocol version, properties of the machine, the
 * value, the keys of its storages), then each storage in the order of the keys: the number of its elements in eight
 * bytes, and the elements, little-endian.
 */
final class TorchLegacy {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long PROTOCOL = 1001;

    private final FileRange file;
    private long position;

    private TorchLegacy(FileRange file) {
        this.file = file;
    }

    static TorchContents read(FileRange file) throws IOException {
        return new TorchLegacy(file).contents();
    }

    private TorchContents contents() throws IOException {
        if (!(pickle(new StorageTable()) instanceof Huge number)
                || !number.value().equals(MAGIC)) {
            throw file.malformed(
                    "this is a pickle, but not a torch.save file: the magic number of such files is missing");
        }
        long start = position;
        if (!(pickle(new StorageTable()) instanceof Whole version) || version.value() != PROTOCOL) {
            throw file.malformed(start, "the format version is not " + PROTOCOL);
        }
        start = position;
        if (!(pickle(new StorageTable()) instanceof Mapping machine)
                || machine.named().get("little_endian") != Value.Constant.TRUE) {
            throw file.malformed(start, "the file was not written by a little-endian machine, which is not supported");
        }
        var table = new StorageTable();
        Value root = pickle(table);
        return new TorchContents(root, storages(table), ByteOrder.LITTLE_ENDIAN, file.size());
    }

    private Value pickle(StorageTable table) throws IOException {
        var reader = new PickleReader(file, position);
        Value value = PickleInterpreter.read(reader, table, file.size());
        position = reader.position();
        return value;
    }

    private Map<String, ByteRange> storages(StorageTable table) throws IOException {
        long start = position;
        if (!(pickle(new StorageTable()) instanceof Sequence keys)) {
            throw file.malformed(start, "the keys of the storages are not a list");
        }
        var ranges = new HashMap<String, ByteRange>();
        for (Value item : keys.items()) {
            Storage storage = item instanceof Text key ? table.storages().get(key.value()) : null;
            if (storage == null) {
                throw file.malformed(start, "the list of storages names one that no tensor uses");
            }
            if (ranges.containsKey(storage.key())) {
                throw file.malformed(start, "storage '" + Printable.text(storage.key()) + "' is listed twice");
            }
            ranges.put(storage.key(), storage(storage));
        }
        for (String key : table.storages().keySet()) {
            if (!ranges.containsKey(key)) {
                throw file.malformed(start, "storage '" + Printable.text(key) + "' is missing from the file");
            }
        }
        if (position != file.size()) {
            throw file.malformed(position, (file.size() - position) + " bytes follow the last storage");
        }
        return ranges;
    }

    private FileRange storage(Storage storage) throws IOException {
        String subject = "storage '" + Printable.text(storage.key()) + "'";
        if (file.size() - position < Long.BYTES) {
            throw file.malformed(position, subject + " is missing; is the file truncated?");
        }
        ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        file.read(position, length);
        if (length.getLong(0) != storage.count()) {
            throw file.malformed(
                    position,
                    subject + " has " + length.getLong(0) + " elements, its tensors expect " + storage.count());
        }
        position += Long.BYTES;
        long bytes = storage.bytes();
        if (bytes > file.size() - position) {
            throw file.malformed(
                    position,
                    subject + " needs " + bytes + " bytes, the file has " + (file.size() - position)
                            + " left; is the file truncated?");
        }
        FileRange range = file.slice(position, bytes);
        position += bytes;
        return range;
    }
}
