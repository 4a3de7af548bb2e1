package org.resnet4j.dataset.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.DatasetProfile;
import org.resnet4j.dataset.InvalidDatasetException;

/**
 * The Python version of CIFAR-10 and CIFAR-100: pickled dictionaries with the pixels and labels of many images.
 *
 * @param folder the folder of the files
 * @param train the names of the training files
 * @param test the name of the validation file
 * @param meta the name of the file of class names
 * @param prefix the beginning of the keys {@code labels} and {@code label_names}
 */
record CifarPickles(Path folder, List<String> train, String test, String meta, String prefix) {
    /** Returns the batches in a folder, or in a child named as in the publisher's archive; null if there are none. */
    static @Nullable CifarPickles locate(Path folder) {
        for (Path candidate :
                List.of(folder, folder.resolve("cifar-10-batches-py"), folder.resolve("cifar-100-python"))) {
            var ten = new ArrayList<String>();
            for (int i = 1; Files.isRegularFile(candidate.resolve("data_batch_" + i)); i++) {
                ten.add("data_batch_" + i);
            }
            if (!ten.isEmpty()) {
                return new CifarPickles(candidate, List.copyOf(ten), "test_batch", "batches.meta", "");
            }
            if (Files.isRegularFile(candidate.resolve("meta")) && Files.isRegularFile(candidate.resolve("train"))) {
                return new CifarPickles(candidate, List.of("train"), "test", "meta", "fine_");
            }
        }
        return null;
    }

    /**
     * Opens the batches.
     *
     * @throws InvalidDatasetException if a file is damaged or has other contents
     */
    OpenedSource open(String source) throws IOException {
        List<String> classes = classes();
        var parts = new ArrayList<PixelDataset.Part>();
        for (String name : train) {
            parts.add(part(name, classes.size()));
        }
        PixelDataset validation = Files.isRegularFile(folder.resolve(test))
                ? CifarReader.dataset(List.of(part(test, classes.size())), classes)
                : null;
        return OpenedSource.inMemory(
                source,
                CifarReader.dataset(parts, classes),
                validation,
                prefix.isEmpty() ? DatasetProfile.cifar10() : DatasetProfile.cifar100());
    }

    private List<String> classes() throws IOException {
        Path file = folder.resolve(meta);
        if (PickledBatch.read(file).get(prefix + "label_names") instanceof List<?> names
                && names.size() >= 2
                && names.stream().allMatch(String.class::isInstance)) {
            return names.stream().map(String.class::cast).toList();
        }
        throw new InvalidDatasetException(file.toString(), "has no list of " + prefix + "label_names");
    }

    private PixelDataset.Part part(String name, int classes) throws IOException {
        Path file = folder.resolve(name);
        Map<String, Object> batch = PickledBatch.read(file);
        if (!(batch.get("data") instanceof byte[] planes)
                || !(batch.get(prefix + "labels") instanceof List<?> numbers)
                || planes.length != (long) numbers.size() * CifarReader.SAMPLES) {
            throw new InvalidDatasetException(
                    file.toString(), "lacks data and " + prefix + "labels of equally many images of 32x32 pixels");
        }
        int[] labels = new int[numbers.size()];
        byte[] samples = new byte[planes.length];
        for (int i = 0; i < labels.length; i++) {
            if (!(numbers.get(i) instanceof Long label) || label < 0 || label >= classes) {
                throw new InvalidDatasetException(
                        file.toString(),
                        "label " + numbers.get(i) + " of image " + i + " is not one of the " + classes + " classes");
            }
            labels[i] = Math.toIntExact(label);
            CifarReader.interleave(planes, i * CifarReader.SAMPLES, samples, i * CifarReader.SAMPLES);
        }
        return new PixelDataset.Part(name, samples, labels);
    }
}
