package org.resnet4j.bits;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.resnet4j.tensor.Tensor;

/** Digests of computed floats: for each case, such as a network, one for each quantity, such as its logits. */
final class BitRecord {
    private static final int DIGEST_BYTES = 4;

    private final Map<String, Map<String, String>> cases = new LinkedHashMap<>();

    /** Reads lines as {@link #lines()} gives them. */
    static BitRecord parse(Stream<String> lines) {
        var record = new BitRecord();
        lines.forEach(line -> {
            String[] words = line.split(" ");
            for (int i = 1; i < words.length; i++) {
                int equals = words[i].indexOf('=');
                record.put(words[0], words[i].substring(0, equals), words[i].substring(equals + 1));
            }
        });
        return record;
    }

    /** Adds the digest of the raw bits of tensors, in their order. */
    void add(String name, String quantity, List<Tensor> tensors) {
        int size = tensors.stream().mapToInt(Tensor::size).sum();
        ByteBuffer bytes = ByteBuffer.allocate(size * Float.BYTES);
        for (Tensor tensor : tensors) {
            for (int i = 0; i < tensor.size(); i++) {
                bytes.putInt(Float.floatToRawIntBits(tensor.array()[i]));
            }
        }
        put(name, quantity, digest(bytes));
    }

    /** Adds the digest of the raw bits of numbers. */
    void add(String name, String quantity, double... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES);
        for (double value : values) {
            bytes.putLong(Double.doubleToRawLongBits(value));
        }
        put(name, quantity, digest(bytes));
    }

    private static String digest(ByteBuffer bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.array());
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private void put(String name, String quantity, String digest) {
        if (cases.computeIfAbsent(name, _ -> new LinkedHashMap<>()).put(quantity, digest) != null) {
            throw new IllegalStateException("two values of " + name + ": " + quantity);
        }
    }

    /** Returns a line for each case: {@code case quantity=digest quantity=digest}. */
    List<String> lines() {
        return cases.entrySet().stream()
                .map(line -> line.getKey() + " "
                        + line.getValue().entrySet().stream()
                                .map(value -> value.getKey() + "=" + value.getValue())
                                .collect(Collectors.joining(" ")))
                .toList();
    }

    /** Returns a line for each case that differs from another record, with the names of the quantities. */
    List<String> differences(BitRecord expected) {
        var names = new ArrayList<>(cases.keySet());
        expected.cases.keySet().stream()
                .filter(name -> !cases.containsKey(name))
                .forEach(names::add);
        var lines = new ArrayList<String>();
        for (String name : names) {
            Map<String, String> mine = cases.getOrDefault(name, Map.of());
            Map<String, String> theirs = expected.cases.getOrDefault(name, Map.of());
            var quantities = new TreeSet<>(mine.keySet());
            quantities.addAll(theirs.keySet());
            quantities.removeIf(quantity -> Objects.equals(mine.get(quantity), theirs.get(quantity)));
            if (mine.isEmpty() || theirs.isEmpty()) {
                lines.add(name + ": " + (mine.isEmpty() ? "no longer computed" : "not recorded"));
            } else if (!quantities.isEmpty()) {
                lines.add(name + ": " + String.join(", ", quantities));
            }
        }
        return lines;
    }
}
