package org.resnet4j.weights.torch.pickle;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.resnet4j.weights.element.ElementType;

/** The Python names that a file may use. Each stands for plain data; none is ever resolved. */
enum KnownGlobal {
    REBUILD_TENSOR("torch._utils", "_rebuild_tensor"),
    REBUILD_TENSOR_V2("torch._utils", "_rebuild_tensor_v2"),
    REBUILD_TENSOR_V3("torch._utils", "_rebuild_tensor_v3"),
    REBUILD_PARAMETER("torch._utils", "_rebuild_parameter"),
    REBUILD_PARAMETER_WITH_STATE("torch._utils", "_rebuild_parameter_with_state"),
    REBUILD_FROM_TYPE_V2("torch._tensor", "_rebuild_from_type_v2"),
    SIZE("torch", "Size"),
    DEVICE("torch", "device"),
    ORDERED_DICT("collections", "OrderedDict"),
    COUNTER("collections", "Counter"),
    DEFAULT_DICT("collections", "defaultdict"),

    FLOAT_STORAGE("torch", "FloatStorage", ElementType.F32),
    DOUBLE_STORAGE("torch", "DoubleStorage", ElementType.F64),
    HALF_STORAGE("torch", "HalfStorage", ElementType.F16),
    BFLOAT16_STORAGE("torch", "BFloat16Storage", ElementType.BF16),
    LONG_STORAGE("torch", "LongStorage", ElementType.I64),
    INT_STORAGE("torch", "IntStorage", ElementType.I32),
    SHORT_STORAGE("torch", "ShortStorage", ElementType.I16),
    CHAR_STORAGE("torch", "CharStorage", ElementType.I8),
    BYTE_STORAGE("torch", "ByteStorage", ElementType.U8),
    BOOL_STORAGE("torch", "BoolStorage", ElementType.BOOL),
    UNTYPED_STORAGE("torch.storage", "UntypedStorage"),

    FLOAT32("torch", "float32", ElementType.F32),
    FLOAT64("torch", "float64", ElementType.F64),
    FLOAT16("torch", "float16", ElementType.F16),
    BFLOAT16("torch", "bfloat16", ElementType.BF16),
    FLOAT8_E4M3FN("torch", "float8_e4m3fn", ElementType.F8_E4M3),
    FLOAT8_E5M2("torch", "float8_e5m2", ElementType.F8_E5M2),
    INT64("torch", "int64", ElementType.I64),
    INT32("torch", "int32", ElementType.I32),
    INT16("torch", "int16", ElementType.I16),
    INT8("torch", "int8", ElementType.I8),
    UINT64("torch", "uint64", ElementType.U64),
    UINT32("torch", "uint32", ElementType.U32),
    UINT16("torch", "uint16", ElementType.U16),
    UINT8("torch", "uint8", ElementType.U8),
    BOOL("torch", "bool", ElementType.BOOL);

    private static final Map<String, KnownGlobal> BY_NAME = Arrays.stream(values())
            .collect(Collectors.toUnmodifiableMap(KnownGlobal::qualifiedName, Function.identity()));

    private final String module;
    private final String name;
    private final @Nullable ElementType type;

    KnownGlobal(String module, String name) {
        this(module, name, null);
    }

    KnownGlobal(String module, String name, @Nullable ElementType type) {
        this.module = module;
        this.name = name;
        this.type = type;
    }

    /** Returns the constant of this name, or null. */
    static @Nullable KnownGlobal named(String module, String name) {
        KnownGlobal found = BY_NAME.get(module + "." + name);
        return found != null && found.module.equals(module) ? found : null;
    }

    /** Returns the name in Python's notation. */
    final String qualifiedName() {
        return module + "." + name;
    }

    /** Returns the element type that it represents, or null. */
    final @Nullable ElementType type() {
        return type;
    }

    /** Returns true for a storage class. */
    final boolean isStorage() {
        return name.endsWith("Storage");
    }

    /** Returns true for an element type. */
    final boolean isDtype() {
        return type != null && !isStorage();
    }
}
