package org.resnet4j.weights.torch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.resnet4j.support.Printable;
import org.resnet4j.weights.torch.pickle.PickleInterpreter;
import org.resnet4j.weights.torch.pickle.PickleReader;
import org.resnet4j.weights.torch.pickle.StorageTable;
import org.resnet4j.weights.torch.pickle.Value;
import org.resnet4j.weights.torch.pickle.Value.Storage;
import org.resnet4j.weights.torch.zip.ByteRange;
import org.resnet4j.weights.torch.zip.FileRange;
import org.resnet4j.weights.torch.zip.ZipDirectory;
import org.resnet4j.weights.torch.zip.ZipEntryRange;

/**
 * The format since PyTorch 1.6: a zip file of one folder with {@code data.pkl}, a file {@code data/KEY} for each
 * storage, and {@code byteorder}.
 */
final class TorchZip {
    private static final String PICKLE = "/data.pkl";

    private static final List<String> WEIGHT_FILES =
            List.of(".pth", ".pt", ".th", ".ckpt", ".safetensors", ".bin", ".onnx");
    private static final int MAX_BYTE_ORDER_BYTES = 16;

    private TorchZip() {}

    static TorchContents read(FileRange file) throws IOException {
        Map<String, ZipEntryRange> entries = ZipDirectory.read(file);
        String folder = folder(file, entries);
        ByteOrder order = order(file, entries.get(folder + "/byteorder"));
        var table = new StorageTable();
        Value root = root(file, entry(file, entries, folder + PICKLE), table);
        var storages = new HashMap<String, ByteRange>();
        for (Storage storage : table.storages().values()) {
            ZipEntryRange entry = entry(file, entries, folder + "/data/" + storage.key());
            if (entry.size() != storage.bytes()) {
                throw file.malformed(
                        entry.header(),
                        "storage '" + Printable.text(storage.key()) + "' claims " + storage.count()
                                + " elements, which are " + storage.bytes() + " bytes, but its entry holds "
                                + entry.size());
            }
            entry.checkStored(file);
            storages.put(storage.key(), entry.contents(file));
        }
        long bytes = file.size();
        for (ZipEntryRange entry : entries.values()) {
            bytes += entry.deflated() ? entry.size() : 0;
        }
        return new TorchContents(root, storages, order, bytes);
    }

    private static String folder(FileRange file, Map<String, ZipEntryRange> entries) throws IOException {
        List<String> folders = entries.keySet().stream()
                .filter(name -> name.endsWith(PICKLE))
                .map(name -> name.substring(0, name.length() - PICKLE.length()))
                .filter(name -> name.indexOf('/') < 0)
                .toList();
        if (folders.size() != 1) {
            throw file.malformed("this is not a torch.save file: the zip file holds "
                    + (folders.isEmpty() ? contents(entries.keySet()) : "several folders with a data.pkl"));
        }
        String folder = folders.getFirst();
        if (entries.containsKey(folder + "/constants.pkl")) {
            throw file.malformed(
                    "this is a TorchScript program (torch.jit.save), not a state dict. Open it in Python and save the"
                            + " weights alone: torch.save(torch.jit.load('FILE').state_dict(), 'weights.pth')");
        }
        return folder;
    }

    /** Returns a description of a zip file that torch.save has not written. */
    private static String contents(Set<String> names) {
        for (String name : names) {
            if (name.endsWith(".npy")) {
                return "arrays of NumPy (.npz)";
            }
            if (name.endsWith(".weights.h5")) {
                return "a model of Keras (.keras)";
            }
            if (WEIGHT_FILES.stream().anyMatch(name::endsWith)) {
                return "the file " + Printable.text(name) + "; unpack it first";
            }
        }
        return "no folder with a data.pkl";
    }

    private static ZipEntryRange entry(FileRange file, Map<String, ZipEntryRange> entries, String name)
            throws IOException {
        ZipEntryRange entry = entries.get(name);
        if (entry == null) {
            throw file.malformed("the zip file has no entry '" + Printable.text(name) + "'");
        }
        return entry;
    }

    /** Returns the byte order. Files older than this entry are little-endian. */
    private static ByteOrder order(FileRange file, @Nullable ZipEntryRange entry) throws IOException {
        if (entry == null) {
            return ByteOrder.LITTLE_ENDIAN;
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(MAX_BYTE_ORDER_BYTES, entry.size()));
        entry.contents(file).read(0, bytes);
        String text = new String(bytes.array(), StandardCharsets.ISO_8859_1);
        return switch (text) {
            case "little" -> ByteOrder.LITTLE_ENDIAN;
            case "big" -> ByteOrder.BIG_ENDIAN;
            default -> throw file.malformed(entry.data(), "the byte order is '" + Printable.text(text) + "'");
        };
    }

    private static Value root(FileRange file, ZipEntryRange entry, StorageTable table) throws IOException {
        entry.checkStored(file);
        ByteRange pickle = entry.contents(file);
        var reader = new PickleReader(pickle, 0);
        Value root = PickleInterpreter.read(reader, table, file.size());
        if (reader.position() != pickle.size()) {
            throw pickle.malformed(reader.position(), "data follows the end of the pickle");
        }
        return root;
    }
}
