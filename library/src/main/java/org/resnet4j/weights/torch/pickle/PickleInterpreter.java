package org.resnet4j.weights.torch.pickle;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.support.Printable;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.torch.pickle.Value.Bytes;
import org.resnet4j.weights.torch.pickle.Value.Constant;
import org.resnet4j.weights.torch.pickle.Value.Foreign;
import org.resnet4j.weights.torch.pickle.Value.Global;
import org.resnet4j.weights.torch.pickle.Value.Huge;
import org.resnet4j.weights.torch.pickle.Value.Mapping;
import org.resnet4j.weights.torch.pickle.Value.Real;
import org.resnet4j.weights.torch.pickle.Value.Sequence;
import org.resnet4j.weights.torch.pickle.Value.Text;
import org.resnet4j.weights.torch.pickle.Value.Tuple;
import org.resnet4j.weights.torch.pickle.Value.Whole;

/**
 * An interpreter of the pickle instructions that build plain values: containers, numbers, strings, and tensors by the
 * names in {@link KnownGlobal}. No class, method or file can be reached. Any other name gives a {@link Value.Foreign},
 * and so does every call of it: training checkpoints contain arguments, paths and NumPy numbers beside the weights.
 * {@link ForbiddenNames} are rejected as soon as they are read.
 *
 * <p>Supports protocols 1 to 5 without out-of-band buffers. Time and memory are bounded: an instruction creates at most
 * one value; their number, the stack and the memo are limited; and no instruction copies the value of another.
 */
public final class PickleInterpreter {
    /** The number of instructions that any file may have; a tensor takes about 35. */
    private static final int FREE_STEPS = 300_000;

    /**
     * The number of bytes of the file for each further instruction. An instruction creates up to 64 bytes in memory, so
     * that a file that is only a pickle cannot use a large multiple of its size.
     */
    private static final int BYTES_PER_STEP = 6;

    private static final int MAX_STEPS = 4_000_000;

    private static final int MAX_STACK = 1 << 17;
    private static final int MAX_MARKS = 1_000;
    private static final int FREE_MEMO_INDEX = 1 << 16;
    private static final int MAX_PROTOCOL = 5;
    private static final int MAX_INTEGER_BYTES = 1_000;

    /** Continuation of the message that rejects a file for an object in it. */
    public static final String ADVICE = "Nothing of it was executed. If you trust the file, open it in Python and save"
            + " the weights alone: torch.save(model.state_dict(), 'weights.pth')";

    private final PickleReader in;
    private final StorageTable storages;
    private final List<Value> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();

    /** Values by index. Picklers count up, so no index exceeds the number of instructions. */
    private @Nullable Value[] memo = new @Nullable Value[256];

    private int memoized;
    private int steps;
    private final long maxSteps;
    private long place;

    private PickleInterpreter(PickleReader in, StorageTable storages, long fileBytes) {
        this.in = in;
        this.storages = storages;
        this.maxSteps = Math.min(MAX_STEPS, FREE_STEPS + fileBytes / BYTES_PER_STEP);
    }

    /**
     * Returns the value of a pickle and leaves the reader after its last byte.
     *
     * @param storages receives the storages that it names
     * @param fileBytes the size of the whole file, which limits the number of instructions
     */
    public static Value read(PickleReader in, StorageTable storages, long fileBytes) throws IOException {
        return new PickleInterpreter(in, storages, fileBytes).run();
    }

    private Value run() throws IOException {
        for (steps = 0; steps < maxSteps; steps++) {
            place = in.position();
            int opcode = in.u8();
            if (opcode == Opcode.STOP) {
                Value result = pop();
                if (!stack.isEmpty() || !marks.isEmpty()) {
                    throw malformed("the pickle stops with values left over");
                }
                return result;
            }
            try {
                step(opcode);
            } catch (IllegalArgumentException wrong) {
                throw malformed(String.valueOf(wrong.getMessage()));
            }
        }
        throw malformed("the pickle has more than " + maxSteps + " instructions, the limit for a file of this size");
    }

    private void step(int opcode) throws IOException {
        switch (opcode) {
            case Opcode.PROTO -> protocol(in.u8());
            case Opcode.FRAME -> in.u64();
            case Opcode.MARK -> mark();
            case Opcode.POP -> pop();
            case Opcode.POP_MARK -> popToMark();

            case Opcode.NONE -> push(Constant.NONE);
            case Opcode.NEWTRUE -> push(Constant.TRUE);
            case Opcode.NEWFALSE -> push(Constant.FALSE);
            case Opcode.INT -> push(textInteger(in.line()));
            case Opcode.LONG -> push(textLong(in.line()));
            case Opcode.BININT -> push(new Whole(in.i32()));
            case Opcode.BININT1 -> push(new Whole(in.u8()));
            case Opcode.BININT2 -> push(new Whole(in.u16()));
            case Opcode.LONG1 -> push(integer(in.u8()));
            case Opcode.LONG4 -> push(integer(in.u32()));
            case Opcode.BINFLOAT -> push(new Real(in.f64()));

            case Opcode.BINUNICODE -> push(new Text(in.utf8(in.u32())));
            case Opcode.SHORT_BINUNICODE -> push(new Text(in.utf8(in.u8())));
            case Opcode.BINUNICODE8 -> push(new Text(in.utf8(in.u64())));
            case Opcode.BINSTRING -> string(in.u32());
            case Opcode.SHORT_BINSTRING -> push(new Text(in.latin1(in.u8())));
            case Opcode.BINBYTES -> bytes(in.u32());
            case Opcode.SHORT_BINBYTES -> bytes(in.u8());
            case Opcode.BINBYTES8, Opcode.BYTEARRAY8 -> bytes(in.u64());

            case Opcode.EMPTY_TUPLE -> push(new Tuple(List.of()));
            case Opcode.TUPLE -> push(new Tuple(popToMark()));
            case Opcode.TUPLE1 -> push(new Tuple(pop(1)));
            case Opcode.TUPLE2 -> push(new Tuple(pop(2)));
            case Opcode.TUPLE3 -> push(new Tuple(pop(3)));
            case Opcode.EMPTY_LIST -> push(new Sequence());
            case Opcode.APPEND -> append(pop(1));
            case Opcode.APPENDS -> append(popToMark());
            case Opcode.EMPTY_DICT -> push(new Mapping(false));
            case Opcode.SETITEM -> setItems(pop(2));
            case Opcode.SETITEMS -> setItems(popToMark());
            case Opcode.EMPTY_SET -> push(Constant.SET);
            case Opcode.ADDITEMS -> addItems(popToMark());
            case Opcode.FROZENSET -> {
                popToMark();
                push(Constant.SET);
            }

            case Opcode.BINPUT -> put(in.u8());
            case Opcode.LONG_BINPUT -> put(in.u32());
            case Opcode.MEMOIZE -> put(memoized);
            case Opcode.BINGET -> push(get(in.u8()));
            case Opcode.LONG_BINGET -> push(get(in.u32()));

            case Opcode.GLOBAL -> global(in.line(), in.line());
            case Opcode.STACK_GLOBAL -> {
                List<Value> names = pop(2);
                global(Calls.text(names.get(0), "a module's name"), Calls.text(names.get(1), "a name in a module"));
            }
            case Opcode.REDUCE -> reduce();
            case Opcode.BUILD -> build();
            case Opcode.BINPERSID -> push(storages.resolve(pop()));

            case Opcode.INST -> {
                Value type = named(in.line(), in.line());
                popToMark();
                object(type, "INST");
            }
            case Opcode.OBJ -> {
                List<Value> values = popToMark();
                object(values.isEmpty() ? Constant.NONE : values.getFirst(), "OBJ");
            }
            case Opcode.NEWOBJ -> object(pop(2).getFirst(), "NEWOBJ");
            case Opcode.NEWOBJ_EX -> object(pop(3).getFirst(), "NEWOBJ_EX");
            case Opcode.EXT1, Opcode.EXT2, Opcode.EXT4 -> throw unsupported("EXT, a name by number");
            case Opcode.PERSID -> throw unsupported("PERSID of protocol 0");
            default -> throw malformed("0x%02x is not an instruction of a torch.save file".formatted(opcode));
        }
    }

    private void protocol(int version) throws MalformedFileException {
        if (version > MAX_PROTOCOL) {
            throw malformed("protocol " + version + " is newer than " + MAX_PROTOCOL);
        }
    }

    private Value textInteger(String line) throws MalformedFileException {
        return switch (line) {
            case "00" -> Constant.FALSE;
            case "01" -> Constant.TRUE;
            default -> textLong(line);
        };
    }

    private Value textLong(String line) throws MalformedFileException {
        String digits = line.endsWith("L") ? line.substring(0, line.length() - 1) : line;
        try {
            return number(new BigInteger(digits));
        } catch (NumberFormatException noNumber) {
            throw malformed("'" + Printable.text(line) + "' is not an integer");
        }
    }

    private Value integer(long length) throws IOException {
        if (length > MAX_INTEGER_BYTES) {
            throw malformed("an integer of " + length + " bytes is over the limit of " + MAX_INTEGER_BYTES);
        }
        byte[] littleEndian = in.bytes(length);
        if (littleEndian.length == 0) {
            return new Whole(0);
        }
        var bigEndian = new byte[littleEndian.length];
        for (int i = 0; i < bigEndian.length; i++) {
            bigEndian[i] = littleEndian[bigEndian.length - 1 - i];
        }
        return number(new BigInteger(bigEndian));
    }

    private static Value number(BigInteger value) {
        return value.bitLength() < Long.SIZE ? new Whole(value.longValue()) : new Huge(value);
    }

    /** Pushes a string of Python 2, whose strings may also contain the bytes of an array. */
    private void string(long length) throws IOException {
        if (length > PickleReader.MAX_STRING_BYTES) {
            bytes(length);
        } else {
            push(new Text(in.latin1(length)));
        }
    }

    private void bytes(long length) throws IOException {
        push(new Bytes(in.position(), length));
        in.skip(length);
    }

    private void append(List<Value> items) throws MalformedFileException {
        if (peek() instanceof Foreign) {
            return;
        }
        if (!(peek() instanceof Sequence list)) {
            throw malformed("appends to " + peek().noun());
        }
        list.items().addAll(items);
    }

    private void addItems(List<Value> items) throws MalformedFileException {
        if (peek() != Constant.SET && !(peek() instanceof Foreign)) {
            throw malformed("adds " + items.size() + " items to " + peek().noun());
        }
    }

    private void setItems(List<Value> keysAndValues) throws MalformedFileException {
        if (peek() instanceof Foreign) {
            return;
        }
        if (!(peek() instanceof Mapping mapping)) {
            throw malformed("sets items of " + peek().noun());
        }
        if (keysAndValues.size() % 2 != 0) {
            throw malformed("a key of a dict has no value");
        }
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            if (!mapping.put(keysAndValues.get(i), keysAndValues.get(i + 1))) {
                String key = Calls.text(keysAndValues.get(i), "a key");
                throw malformed("the key '" + Printable.text(key) + "' of a dict occurs twice");
            }
        }
    }

    private void put(long index) throws MalformedFileException {
        if (index > steps + FREE_MEMO_INDEX) {
            throw malformed("memo index " + index + " is over the limit of " + (steps + FREE_MEMO_INDEX));
        }
        if (index >= memo.length) {
            memo = Arrays.copyOf(memo, Math.max((int) index + 1, memo.length * 2));
        }
        memoized += memo[(int) index] == null ? 1 : 0;
        memo[(int) index] = peek();
    }

    private Value get(long index) throws MalformedFileException {
        Value value = index < memo.length ? memo[(int) index] : null;
        if (value == null) {
            throw malformed("the memo has nothing at " + index);
        }
        return value;
    }

    private void global(String module, String name) throws MalformedFileException {
        push(named(module, name));
    }

    private Value named(String module, String name) throws MalformedFileException {
        KnownGlobal known = KnownGlobal.named(module, name);
        if (known != null) {
            return new Global(known);
        }
        String qualified = module + "." + name;
        String reason = ForbiddenNames.reason(module, name);
        if (reason != null) {
            String subject = "'" + Printable.text(qualified) + "'";
            throw in.malformed(
                    stack.isEmpty() && marks.isEmpty()
                            ? "the file holds a whole Python object, " + subject + ", and not a state dict. " + ADVICE
                            : "the file asks for Python's " + subject + ", " + reason + ". " + ADVICE);
        }
        return new Foreign(qualified, null);
    }

    /** Pushes an object of a foreign class. */
    private void object(Value type, String instruction) throws MalformedFileException {
        if (!(type instanceof Foreign)) {
            throw malformed("the instruction " + instruction + " makes an object of " + type.noun()
                    + ", which is not a class. " + ADVICE);
        }
        push(type);
    }

    private void reduce() throws MalformedFileException {
        List<Value> call = pop(2);
        if (call.get(0) instanceof Foreign function) {
            push(result(function, call.get(1)));
            return;
        }
        if (!(call.get(0) instanceof Global function)) {
            throw malformed("calls " + call.get(0).noun());
        }
        if (!(call.get(1) instanceof Tuple arguments)) {
            throw malformed("calls '" + function.global().qualifiedName() + "' with "
                    + call.get(1).noun() + " in place of arguments");
        }
        push(Calls.call(function.global(), arguments.items()));
    }

    /** Returns the result of a foreign function; of a constructor that takes a class, an object of this class. */
    private static Value result(Foreign function, Value arguments) {
        return function.name().startsWith("copy")
                        && arguments instanceof Tuple tuple
                        && !tuple.items().isEmpty()
                        && tuple.items().getFirst() instanceof Foreign type
                ? type
                : function;
    }

    /**
     * Sets attributes, which are allowed only on an OrderedDict: {@code _metadata} contains versions of modules.
     * Ignored; those of a foreign object are kept with its name.
     */
    private void build() throws MalformedFileException {
        Value state = pop();
        if (peek() instanceof Foreign foreign) {
            stack.set(stack.size() - 1, new Foreign(foreign.name(), state));
            return;
        }
        if (!(peek() instanceof Mapping mapping && mapping.isOrdered() && state instanceof Mapping)) {
            throw malformed("sets attributes of " + peek().noun() + " by " + state.noun() + ". " + ADVICE);
        }
    }

    private void mark() throws MalformedFileException {
        if (marks.size() == MAX_MARKS) {
            throw malformed("more than " + MAX_MARKS + " nested values");
        }
        marks.add(stack.size());
    }

    private void push(Value value) throws MalformedFileException {
        if (stack.size() == MAX_STACK) {
            throw malformed("more than " + MAX_STACK + " values on the stack");
        }
        stack.add(value);
    }

    private Value peek() throws MalformedFileException {
        checkLeft(1);
        return stack.getLast();
    }

    private Value pop() throws MalformedFileException {
        checkLeft(1);
        return stack.removeLast();
    }

    private List<Value> pop(int count) throws MalformedFileException {
        checkLeft(count);
        return cut(stack.size() - count);
    }

    private List<Value> popToMark() throws MalformedFileException {
        if (marks.isEmpty()) {
            throw malformed("there is no mark on the stack");
        }
        return cut(marks.removeLast());
    }

    private List<Value> cut(int from) {
        List<Value> top = stack.subList(from, stack.size());
        List<Value> values = new ArrayList<>(top);
        top.clear();
        return values;
    }

    private void checkLeft(int count) throws MalformedFileException {
        int floor = marks.isEmpty() ? 0 : marks.getLast();
        if (stack.size() - floor < count) {
            throw malformed("the stack has too few values");
        }
    }

    private MalformedFileException unsupported(String what) {
        return malformed("the instruction " + what + ", is not supported. " + ADVICE);
    }

    private MalformedFileException malformed(String reason) {
        return in.malformed(place, reason);
    }
}
