package org.resnet4j.run;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.DatasetSplits;

/**
 * Fingerprint of a run's data: the names of the classes, and checksums over the names, labels and contents of the
 * samples. A run must not resume on other data, or on the same files with other labels.
 */
public final class DatasetFingerprint {
    private static final int MAX_CLASSES_NAMED = 50;

    private DatasetFingerprint() {}

    /** Returns named values that are equal for equal data. */
    public static Map<String, String> of(DatasetSplits splits) {
        var values = new LinkedHashMap<String, String>();
        values.put("classes", names(splits.classes()));
        addSamples("training images", splits.train(), values);
        addSamples("validation images", splits.validation(), values);
        return values;
    }

    private static String names(List<String> classes) {
        if (classes.size() <= MAX_CLASSES_NAMED) {
            return String.join(", ", classes);
        }
        var checksum = new CRC32C();
        classes.forEach(name -> update(checksum, name));
        return classes.size() + " with the checksum " + Long.toHexString(checksum.getValue());
    }

    private static void addSamples(String what, Dataset dataset, Map<String, String> values) {
        var names = new CRC32C();
        var contents = new CRC32C();
        for (int i = 0; i < dataset.size(); i++) {
            update(names, dataset.origin(i));
            update(names, dataset.label(i));
            update(contents, dataset.contentCode(i));
        }
        values.put("checksum of the names and labels of the " + what, Long.toHexString(names.getValue()));
        values.put("checksum of the contents of the " + what, Long.toHexString(contents.getValue()));
    }

    /** The length is included, so that different lists of names never give the same bytes. */
    private static void update(CRC32C checksum, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        update(checksum, bytes.length);
        checksum.update(bytes);
    }

    private static void update(CRC32C checksum, long value) {
        checksum.update(ByteBuffer.allocate(Long.BYTES).putLong(0, value));
    }
}
