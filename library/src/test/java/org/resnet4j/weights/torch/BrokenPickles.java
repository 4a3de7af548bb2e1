package org.resnet4j.weights.torch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.resnet4j.weights.torch.pickle.Opcode;

/** Pickles that must be rejected, each with a part of the message. */
final class BrokenPickles {
    private BrokenPickles() {}

    /**
     * Returns attacks: a pickle, and a part of the message that rejects it.
     *
     * @param touched the file that they would create
     */
    static Map<String, byte[]> attacks(String touched) {
        var attacks = new LinkedHashMap<String, byte[]>();
        attacks.put(
                "'os.system'",
                new Pickle()
                        .protocol()
                        .op(Opcode.EMPTY_DICT)
                        .text("x")
                        .global("os", "system")
                        .text("touch " + touched)
                        .op(Opcode.TUPLE1, Opcode.REDUCE, Opcode.SETITEM)
                        .stop());
        attacks.put(
                "whole Python object, 'posix.system'",
                new Pickle()
                        .protocol()
                        .global("posix", "system")
                        .text("touch " + touched)
                        .op(Opcode.TUPLE1, Opcode.REDUCE)
                        .stop());
        attacks.put(
                "'builtins.eval'",
                new Pickle()
                        .op(Opcode.PROTO, 4, Opcode.MARK)
                        .text("builtins")
                        .text("eval")
                        .op(Opcode.STACK_GLOBAL)
                        .text("open('" + touched + "', 'w')")
                        .op(Opcode.TUPLE1, Opcode.REDUCE)
                        .stop());
        attacks.put(
                "'subprocess.call'",
                new Pickle()
                        .op(Opcode.MARK)
                        .text("touch " + touched)
                        .op(Opcode.INST)
                        .raw("subprocess\ncall\n")
                        .stop());
        attacks.put(
                "'nt.system'",
                new Pickle()
                        .op(Opcode.MARK)
                        .global("nt", "system")
                        .text("touch " + touched)
                        .op(Opcode.OBJ)
                        .stop());
        attacks.put(
                "instruction OBJ",
                new Pickle()
                        .op(Opcode.MARK)
                        .global("collections", "OrderedDict")
                        .op(Opcode.OBJ)
                        .stop());
        attacks.put(
                "instruction INST",
                new Pickle().op(Opcode.MARK, Opcode.INST).raw("torch\nSize\n").stop());
        attacks.put(
                "instruction NEWOBJ",
                new Pickle()
                        .global("collections", "OrderedDict")
                        .op(Opcode.EMPTY_TUPLE, Opcode.NEWOBJ)
                        .stop());
        attacks.put("instruction EXT", new Pickle().op(Opcode.EXT1, 7).stop());
        attacks.put(
                "instruction PERSID", new Pickle().op(Opcode.PERSID).raw("x\n").stop());
        attacks.put(
                "'torch.storage._load_from_bytes'",
                new Pickle()
                        .op(Opcode.MARK)
                        .global("torch.storage", "_load_from_bytes")
                        .stop());
        attacks.put(
                "asks for Python's 'os.x??[31m.y'",
                new Pickle().op(Opcode.MARK).global("os.x\r\u001b[31m", "y").stop());
        attacks.put(
                "asks for Python's 'torch._utils._rebuild_qtensor', a kind of tensor that is not supported",
                new Pickle()
                        .op(Opcode.MARK)
                        .global("torch._utils", "_rebuild_qtensor")
                        .stop());
        attacks.put(
                "asks for Python's 'torch.ComplexFloatStorage', a kind of tensor",
                new Pickle()
                        .op(Opcode.MARK)
                        .global("torch", "ComplexFloatStorage")
                        .stop());
        attacks.put(
                "a tensor is made by the Python object 'x.y'",
                new Pickle()
                        .global("torch._tensor", "_rebuild_from_type_v2")
                        .op(Opcode.MARK)
                        .global("x", "y")
                        .op(Opcode.NONE, Opcode.EMPTY_TUPLE, Opcode.NONE, Opcode.TUPLE, Opcode.REDUCE)
                        .stop());
        attacks.put(
                "calls 'torch.float32', which is not a function",
                new Pickle()
                        .global("torch", "float32")
                        .op(Opcode.EMPTY_TUPLE, Opcode.REDUCE)
                        .stop());
        attacks.put(
                "calls a string",
                new Pickle().text("x").op(Opcode.EMPTY_TUPLE, Opcode.REDUCE).stop());
        attacks.put(
                "sets attributes of a dict",
                new Pickle()
                        .op(Opcode.EMPTY_DICT, Opcode.EMPTY_DICT, Opcode.BUILD)
                        .stop());
        attacks.put(
                "sets attributes of a tensor",
                new Pickle()
                        .tensor("0", 4, 0, new long[] {4}, new long[] {1})
                        .op(Opcode.EMPTY_DICT, Opcode.BUILD)
                        .stop());
        attacks.put(
                "a line is longer",
                new Pickle().op(Opcode.GLOBAL).raw("m".repeat(100_000)).stop());
        return attacks;
    }

    /** Returns pickles that are out of order, or request more than they may. */
    static Map<String, byte[]> broken() {
        var broken = new LinkedHashMap<String, byte[]>();
        broken.put(
                "more than 1000 nested values",
                new Pickle().raw("(".repeat(100_000)).stop());
        broken.put(
                "more than 131072 values on the stack",
                new Pickle().raw("]".repeat(1_000_000)).stop());
        broken.put("values left over", new Pickle().op(Opcode.NONE, Opcode.NONE).stop());
        broken.put("too few values", new Pickle().op(Opcode.MARK, Opcode.APPEND).stop());
        broken.put("there is no mark", new Pickle().op(Opcode.TUPLE).stop());
        broken.put(
                "memo index 4294967295",
                new Pickle().op(Opcode.NONE, Opcode.LONG_BINPUT).int32(-1).stop());
        broken.put("memo has nothing at 9", new Pickle().op(Opcode.BINGET, 9).stop());
        broken.put(
                "instructions",
                new Pickle().op(Opcode.NONE).raw("N0".repeat(2_100_000)).stop());
        broken.put(
                "occurs twice",
                new Pickle()
                        .op(Opcode.EMPTY_DICT, Opcode.MARK)
                        .text("key")
                        .op(Opcode.NONE)
                        .text("key")
                        .op(Opcode.NONE, Opcode.SETITEMS)
                        .stop());
        broken.put(
                "has no value",
                new Pickle()
                        .op(Opcode.EMPTY_DICT, Opcode.MARK, Opcode.NONE, Opcode.SETITEMS)
                        .stop());
        broken.put(
                "sets items of None",
                new Pickle()
                        .op(Opcode.NONE, Opcode.NONE, Opcode.NONE, Opcode.SETITEM)
                        .stop());
        broken.put(
                "appends to a dict",
                new Pickle().op(Opcode.EMPTY_DICT, Opcode.NONE, Opcode.APPEND).stop());
        broken.put("is not an instruction", new Pickle().op(0xff).stop());
        broken.put("protocol 9", new Pickle().op(Opcode.PROTO, 9).stop());
        broken.put(
                "a string of 4294967295 bytes",
                new Pickle().op(Opcode.BINUNICODE).int32(-1).stop());
        broken.put(
                "a string is not UTF-8",
                new Pickle().op(Opcode.SHORT_BINUNICODE, 1, 0xff).stop());
        broken.put("is incomplete", new Pickle().op(Opcode.BINBYTES).int32(-1).stop());
        broken.put(
                "an integer of 4294967295 bytes",
                new Pickle().op(Opcode.LONG4).int32(-1).stop());
        broken.put("is not an integer", new Pickle().op(Opcode.INT).raw("1e9\n").stop());
        broken.put(
                "data follows",
                new Pickle().op(Opcode.EMPTY_DICT, Opcode.STOP, Opcode.NONE).stop());
        broken.put("holds None", new Pickle().op(Opcode.NONE).stop());
        broken.put(
                "a persistent id",
                new Pickle().text("storage").op(Opcode.TUPLE1, Opcode.BINPERSID).stop());
        broken.put(
                "no tensors were found",
                new Pickle()
                        .op(Opcode.EMPTY_DICT, Opcode.BINPUT, 0)
                        .text("state_dict")
                        .op(Opcode.BINGET, 0, Opcode.SETITEM)
                        .stop());
        broken.put("ends at byte 20 of a storage of 16", Pickle.stateDict("0", 4, 1, new long[] {4}, new long[] {1}));
        broken.put(
                "sizes [2, 2] and strides [3, 1]", Pickle.stateDict("0", 4, 0, new long[] {2, 2}, new long[] {3, 1}));
        broken.put("none may be negative", Pickle.stateDict("0", 4, 0, new long[] {2}, new long[] {-1}));
        broken.put("sizes [-4]", Pickle.stateDict("0", 4, 0, new long[] {-4}, new long[] {1}));
        broken.put("offset -1", Pickle.stateDict("0", 4, -1, new long[] {4}, new long[] {1}));
        long large = Long.MAX_VALUE;
        broken.put("which no storage can hold", Pickle.stateDict("0", 4, large, new long[] {4}, new long[] {1}));
        broken.put(
                "offset 0, sizes [4] and strides [" + large,
                Pickle.stateDict("0", 4, 0, new long[] {4}, new long[] {large}));
        broken.put(
                "sizes [" + large + ", " + large, Pickle.stateDict("0", 4, 0, new long[] {large, large}, new long[2]));
        broken.put("claims -1 elements", Pickle.stateDict("0", -1, 0, new long[] {1}, new long[] {1}));
        broken.put("claims 9223372036854775807", Pickle.stateDict("0", large, 0, new long[] {1}, new long[] {1}));
        broken.put("its entry holds 16", Pickle.stateDict("0", 25_000_000_000L, 0, new long[] {1}, new long[] {1}));
        broken.put("too large", Pickle.stateDict("0", 4, 0, new long[] {1L << 40}, new long[1]));
        broken.put("too large: more than", Pickle.stateDict("0", 4, 0, new long[] {0, 1L << 40}, new long[2]));
        broken.put("they repeat the same few", Pickle.stateDict("0", 4, 0, new long[] {1 << 30}, new long[1]));
        broken.put("the limit is 32", Pickle.stateDict("0", 4, 0, new long[33], new long[33]));
        broken.put("1 sizes and 2 strides", Pickle.stateDict("0", 4, 0, new long[1], new long[2]));
        broken.put("no entry 'archive/data/1'", Pickle.stateDict("1", 4, 0, new long[] {4}, new long[] {1}));
        broken.put("no entry 'archive/data/../data/0'", Pickle.stateDict("../data/0", 4, 0, new long[1], new long[1]));
        broken.put(
                "is described twice",
                new Pickle()
                        .op(Opcode.EMPTY_DICT, Opcode.MARK)
                        .text("a")
                        .storage("0", 4)
                        .text("b")
                        .storage("0", 3)
                        .op(Opcode.SETITEMS)
                        .stop());
        return broken;
    }
}
