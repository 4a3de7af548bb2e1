package org.resnet4j.weights.torch.pickle;

import java.util.List;
import org.resnet4j.weights.element.ElementType;
import org.resnet4j.weights.torch.pickle.Value.Constant;
import org.resnet4j.weights.torch.pickle.Value.Global;
import org.resnet4j.weights.torch.pickle.Value.Mapping;
import org.resnet4j.weights.torch.pickle.Value.Sequence;
import org.resnet4j.weights.torch.pickle.Value.Storage;
import org.resnet4j.weights.torch.pickle.Value.TensorValue;
import org.resnet4j.weights.torch.pickle.Value.Text;
import org.resnet4j.weights.torch.pickle.Value.Tuple;
import org.resnet4j.weights.torch.pickle.Value.Whole;

/** The results of calls of Python functions, built as plain values. */
final class Calls {
    private Calls() {}

    /**
     * Returns the value that Python would return, as far as it matters to weights.
     *
     * @throws IllegalArgumentException if the arguments are not those that PyTorch writes
     */
    static Value call(KnownGlobal global, List<Value> arguments) {
        return switch (global) {
            case REBUILD_TENSOR -> {
                checkCount(global, arguments, 4, 4);
                yield tensor(arguments, typed(arguments));
            }
            case REBUILD_TENSOR_V2 -> {
                checkCount(global, arguments, 6, 7);
                yield tensor(arguments, typed(arguments));
            }
            case REBUILD_TENSOR_V3 -> {
                checkCount(global, arguments, 7, 8);
                yield tensor(arguments, dtype(arguments.get(6)));
            }
            case REBUILD_PARAMETER -> {
                checkCount(global, arguments, 3, 3);
                yield parameter(arguments);
            }
            case REBUILD_PARAMETER_WITH_STATE -> {
                checkCount(global, arguments, 4, 4);
                yield parameter(arguments);
            }
            case REBUILD_FROM_TYPE_V2 -> {
                checkCount(global, arguments, 4, 4);
                yield ofSubclass(arguments);
            }
            case SIZE -> {
                checkCount(global, arguments, 1, 1);
                if (arguments.getFirst() instanceof Tuple sizes) {
                    yield sizes;
                }
                throw new IllegalArgumentException(
                        "torch.Size of " + arguments.getFirst().noun());
            }
            case DEVICE -> {
                checkCount(global, arguments, 1, 2);
                yield Constant.DEVICE;
            }
            case ORDERED_DICT -> {
                checkCount(global, arguments, 0, 1);
                yield ordered(arguments);
            }
            case COUNTER, DEFAULT_DICT -> {
                checkCount(global, arguments, 0, 1);
                yield new Mapping(false);
            }
            default ->
                throw new IllegalArgumentException("calls '" + global.qualifiedName() + "', which is not a function");
        };
    }

    private static void checkCount(KnownGlobal global, List<Value> arguments, int least, int most) {
        if (arguments.size() < least || arguments.size() > most) {
            throw new IllegalArgumentException(
                    "calls '" + global.qualifiedName() + "' with " + arguments.size() + " arguments");
        }
    }

    /**
     * Returns a tensor. Storage, offset, sizes and strides are first in all versions; gradients and hooks are ignored.
     */
    private static Value tensor(List<Value> arguments, ElementType type) {
        long offset = whole(arguments.get(1), "the offset of a tensor");
        long[] sizes = wholes(arguments.get(2), "the sizes of a tensor");
        long[] strides = wholes(arguments.get(3), "the strides of a tensor");
        return new TensorValue(TensorView.of(storage(arguments), type, offset, sizes, strides));
    }

    private static Storage storage(List<Value> arguments) {
        if (arguments.getFirst() instanceof Storage storage) {
            return storage;
        }
        throw new IllegalArgumentException(
                "a tensor lies in " + arguments.getFirst().noun() + ", not in a storage");
    }

    private static ElementType typed(List<Value> arguments) {
        ElementType type = storage(arguments).type();
        if (type == null) {
            throw new IllegalArgumentException("a tensor has no element type");
        }
        return type;
    }

    private static ElementType dtype(Value value) {
        ElementType type = value instanceof Global named && named.global().isDtype()
                ? named.global().type()
                : null;
        if (type != null) {
            return type;
        }
        throw new IllegalArgumentException("the element type of a tensor is " + value.noun());
    }

    private static Value parameter(List<Value> arguments) {
        if (arguments.getFirst() instanceof TensorValue tensor) {
            return tensor;
        }
        throw new IllegalArgumentException(
                "a parameter is " + arguments.getFirst().noun() + ", not a tensor");
    }

    /** Returns the tensor of a subclass of Tensor: a function, the subclass, the function's arguments, attributes. */
    private static Value ofSubclass(List<Value> arguments) {
        if (arguments.get(0) instanceof Global function
                && function.global() != KnownGlobal.REBUILD_FROM_TYPE_V2
                && arguments.get(2) instanceof Tuple tuple) {
            return call(function.global(), tuple.items());
        }
        throw new IllegalArgumentException(
                "a tensor is made by " + arguments.get(0).noun());
    }

    /** Returns an OrderedDict: empty, to be filled later; or, as Python 2 wrote it, of a list of keys and values. */
    private static Mapping ordered(List<Value> arguments) {
        var mapping = new Mapping(true);
        if (arguments.isEmpty()) {
            return mapping;
        }
        if (!(arguments.getFirst() instanceof Sequence list)) {
            throw new IllegalArgumentException(
                    "an OrderedDict of " + arguments.getFirst().noun());
        }
        for (Value item : list.items()) {
            List<Value> pair = switch (item) {
                case Sequence keyAndValue -> keyAndValue.items();
                case Tuple keyAndValue -> keyAndValue.items();
                default -> List.of();
            };
            if (pair.size() != 2) {
                throw new IllegalArgumentException(
                        "an OrderedDict of a list that contains, instead of a pair, " + item.noun());
            }
            if (!mapping.put(pair.get(0), pair.get(1))) {
                throw new IllegalArgumentException("a key of an OrderedDict occurs twice");
            }
        }
        // Avoids copying a list that is referenced repeatedly.
        list.items().clear();
        return mapping;
    }

    private static long whole(Value value, String subject) {
        if (value instanceof Whole whole) {
            return whole.value();
        }
        throw new IllegalArgumentException(subject + " must be an integer, not " + value.noun());
    }

    private static long[] wholes(Value value, String subject) {
        if (!(value instanceof Tuple tuple)) {
            throw new IllegalArgumentException(subject + " must be a tuple, not " + value.noun());
        }
        if (tuple.items().size() > TensorView.MAX_RANK) {
            throw new IllegalArgumentException(
                    subject + " are " + tuple.items().size() + ", the limit is " + TensorView.MAX_RANK);
        }
        return tuple.items().stream().mapToLong(item -> whole(item, subject)).toArray();
    }

    /** Returns the concatenation of two strings. */
    static String text(Value value, String subject) {
        if (value instanceof Text text) {
            return text.value();
        }
        throw new IllegalArgumentException(subject + " must be a string, not " + value.noun());
    }
}
