package org.resnet4j.weights.torch.pickle;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.resnet4j.support.Printable;
import org.resnet4j.weights.torch.pickle.Value.Foreign;
import org.resnet4j.weights.torch.pickle.Value.Global;
import org.resnet4j.weights.torch.pickle.Value.Storage;
import org.resnet4j.weights.torch.pickle.Value.Text;
import org.resnet4j.weights.torch.pickle.Value.Tuple;
import org.resnet4j.weights.torch.pickle.Value.Whole;

/** The storages of a pickle by their keys. */
public final class StorageTable {
    private final SequencedMap<String, Storage> storages = new LinkedHashMap<>();

    /** Returns the storages in the order of their first use. */
    public SequencedMap<String, Storage> storages() {
        return Collections.unmodifiableSequencedMap(storages);
    }

    /**
     * Returns the storage of a persistent id: {@code ('storage', type, key, device, count)}, and a sixth item, None, in
     * the older format. The device is ignored. A persistent id {@code ('module', class, …)}, with which the older format
     * stores the source code of a class, is the class.
     *
     * @throws IllegalArgumentException if it has another form
     */
    Value resolve(Value id) {
        if (!(id instanceof Tuple tuple)) {
            throw new IllegalArgumentException("a persistent id is " + id.noun() + ", not a tuple");
        }
        List<Value> items = tuple.items();
        if (items.size() > 1
                && items.get(0) instanceof Text text
                && text.value().equals("module")
                && items.get(1) instanceof Foreign type) {
            return type;
        }
        if (items.size() < 5
                || items.size() > 6
                || !(items.get(0) instanceof Text kind)
                || !kind.value().equals("storage")
                || !(items.get(1) instanceof Global type)
                || !type.global().isStorage()
                || !(items.get(2) instanceof Text key)
                || !(items.get(4) instanceof Whole count)) {
            throw new IllegalArgumentException("a persistent id does not name a storage");
        }
        if (items.size() == 6 && items.get(5) != Value.Constant.NONE) {
            throw new IllegalArgumentException("storage '" + Printable.text(key.value())
                    + "' is a view of another, as PyTorch before 0.4 wrote them; that is not supported");
        }
        String subject = "storage '" + Printable.text(key.value()) + "'";
        if (count.value() < 0 || count.value() > Long.MAX_VALUE / Long.BYTES) {
            throw new IllegalArgumentException(subject + " claims " + count.value() + " elements");
        }
        var storage = new Storage(key.value(), type.global().type(), count.value());
        Storage known = storages.putIfAbsent(storage.key(), storage);
        if (known != null && !known.equals(storage)) {
            throw new IllegalArgumentException(subject + " is described twice, differently");
        }
        return storage;
    }
}
