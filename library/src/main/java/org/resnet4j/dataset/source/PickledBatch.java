package org.resnet4j.dataset.source;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.resnet4j.dataset.InvalidDatasetException;

/**
 * A reader of the dictionaries in the Python version of CIFAR-10 and CIFAR-100: strings, integers, lists, and arrays of
 * bytes. No other name of Python is accepted, nothing is executed, and every value is plain data.
 */
final class PickledBatch {
    /** The training batch of CIFAR-100 has 155 MB. */
    private static final long MAX_BYTES = 512L << 20;

    private static final Set<String> NAMES = Set.of(
            "numpy.core.multiarray _reconstruct",
            "numpy._core.multiarray _reconstruct",
            "numpy ndarray",
            "numpy dtype",
            "_codecs encode");

    /** A name of Python. */
    private record Name(String text) {}

    /** None, a boolean, an element type: values whose content does not matter. */
    private enum Plain {
        OTHER
    }

    /** An array, filled when its state is known. */
    private static final class Bytes {
        private byte[] content = {};
    }

    private static final class Mark {}

    private final Path file;
    private final ByteBuffer in;
    private final List<Object> stack = new ArrayList<>();
    private final Map<Integer, Object> memo = new HashMap<>();

    private PickledBatch(Path file, byte[] bytes) {
        this.file = file;
        in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads the dictionary of a file: values are {@code byte[]} for arrays, {@code String}, {@code Long} and {@code
     * List}.
     *
     * @throws InvalidDatasetException if the file is damaged or has other values
     */
    static Map<String, Object> read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new InvalidDatasetException(file.toString(), "is larger than " + MAX_BYTES + " bytes");
        }
        var batch = new PickledBatch(file, Files.readAllBytes(file));
        try {
            return batch.run();
        } catch (BufferUnderflowException | IndexOutOfBoundsException | ClassCastException damaged) {
            throw new InvalidDatasetException(
                    file.toString(), "is not a batch of CIFAR, or damaged before byte " + batch.in.position(), damaged);
        }
    }

    private Map<String, Object> run() throws IOException {
        while (true) {
            int opcode = in.get() & 0xff;
            if (opcode == '.') {
                var result = new HashMap<String, Object>();
                ((Map<?, ?>) pop()).forEach((key, value) -> result.put(key.toString(), plain(value)));
                return result;
            }
            step(opcode);
        }
    }

    private static Object plain(Object value) {
        return value instanceof Bytes bytes ? bytes.content : value;
    }

    private void step(int opcode) throws InvalidDatasetException {
        switch (opcode) {
            case 0x80 -> in.get(); // protocol
            case 0x95 -> in.getLong(); // frame
            case '(' -> stack.add(new Mark());
            case '}' -> stack.add(new HashMap<String, Object>());
            case ']' -> stack.add(new ArrayList<>());
            case ')' -> stack.add(List.of());
            case 'N', 0x88, 0x89 -> stack.add(Plain.OTHER);
            case 'K' -> stack.add((long) (in.get() & 0xff));
            case 'M' -> stack.add((long) (in.getShort() & 0xffff));
            case 'J' -> stack.add((long) in.getInt());
            case 'U', 'C' -> stack.add(latin1(in.get() & 0xff));
            case 'T', 'B' -> stack.add(latin1(in.getInt()));
            case 0x8c -> stack.add(utf8(in.get() & 0xff));
            case 'X' -> stack.add(utf8(in.getInt()));
            case 'q' -> memo.put(in.get() & 0xff, stack.getLast());
            case 'r' -> memo.put(in.getInt(), stack.getLast());
            case 0x94 -> memo.put(memo.size(), stack.getLast());
            case 'h' -> stack.add(known(in.get() & 0xff));
            case 'j' -> stack.add(known(in.getInt()));
            case 'c' -> stack.add(name(line() + " " + line()));
            case 0x93 -> {
                Object own = pop();
                stack.add(name(pop() + " " + own));
            }
            case 't' -> stack.add(toMark());
            case 0x85, 0x86, 0x87 -> stack.add(top(opcode - 0x84));
            case 'a' -> append(top(1));
            case 'e' -> append(toMark());
            case 's' -> put(top(2));
            case 'u' -> put(toMark());
            case 'R' -> stack.add(call((List<?>) pop(), (Name) pop()));
            case 'b' -> build((List<?>) pop());
            default ->
                throw new InvalidDatasetException(
                        file.toString(),
                        String.format(
                                "instruction 0x%02x at byte %d is not one of a CIFAR batch",
                                opcode, in.position() - 1));
        }
    }

    private Object pop() {
        return stack.removeLast();
    }

    private List<Object> top(int count) {
        List<Object> tail = stack.subList(stack.size() - count, stack.size());
        var values = new ArrayList<>(tail);
        tail.clear();
        return values;
    }

    private List<Object> toMark() {
        int mark = stack.size() - 1;
        while (!(stack.get(mark) instanceof Mark)) {
            mark--;
        }
        List<Object> values = top(stack.size() - mark - 1);
        pop();
        return values;
    }

    private String latin1(int length) {
        return new String(bytes(length), StandardCharsets.ISO_8859_1);
    }

    private String utf8(int length) {
        return new String(bytes(length), StandardCharsets.UTF_8);
    }

    private byte[] bytes(int length) {
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private String line() {
        var text = new StringBuilder();
        for (char next = (char) (in.get() & 0xff); next != '\n'; next = (char) (in.get() & 0xff)) {
            text.append(next);
        }
        return text.toString();
    }

    private Name name(String text) throws InvalidDatasetException {
        if (!NAMES.contains(text)) {
            throw new InvalidDatasetException(
                    file.toString(),
                    "asks for Python's '" + text.replace(' ', '.')
                            + "', which is not part of a CIFAR batch; nothing of it was executed");
        }
        return new Name(text);
    }

    private Object known(int index) {
        Object value = memo.get(index);
        if (value == null) {
            throw new IndexOutOfBoundsException(index);
        }
        return value;
    }

    @SuppressWarnings("unchecked")
    private void append(List<Object> values) {
        ((List<Object>) stack.getLast()).addAll(values);
    }

    @SuppressWarnings("unchecked")
    private void put(List<Object> keysAndValues) {
        var map = (Map<String, Object>) stack.getLast();
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            map.put(keysAndValues.get(i).toString(), keysAndValues.get(i + 1));
        }
    }

    private static Object call(List<?> arguments, Name function) {
        if (function.text().endsWith("_reconstruct")) {
            return new Bytes();
        }
        // Bytes of Python 3 in protocol 2 are encoded text.
        return function.text().startsWith("_codecs") ? arguments.getFirst() : Plain.OTHER;
    }

    /** Sets the content of an array; the state of an element type has no effect. */
    private void build(List<?> state) {
        if (stack.getLast() instanceof Bytes array) {
            array.content = ((String) state.getLast()).getBytes(StandardCharsets.ISO_8859_1);
        }
    }
}
