package org.resnet4j.weights.torch.pickle;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.resnet4j.support.Printable;
import org.resnet4j.weights.element.ElementType;

/** A value of a pickle. Containers may contain themselves, so no method of this type recurses into them. */
public sealed interface Value {
    /** Returns a noun for messages. */
    String noun();

    /** Values without content, or with irrelevant content. */
    enum Constant implements Value {
        NONE("None"),
        TRUE("a boolean"),
        FALSE("a boolean"),
        SET("a set"),
        DEVICE("a device");

        private final String noun;

        Constant(String noun) {
            this.noun = noun;
        }

        @Override
        public String noun() {
            return noun;
        }
    }

    /** An integer. */
    record Whole(long value) implements Value {
        @Override
        public String noun() {
            return "an integer";
        }
    }

    /** An integer of more than 64 bits. */
    record Huge(BigInteger value) implements Value {
        @Override
        public String noun() {
            return "an integer of more than 64 bits";
        }
    }

    /** A float. */
    record Real(double value) implements Value {
        @Override
        public String noun() {
            return "a number";
        }
    }

    /** A string. */
    record Text(String value) implements Value {
        @Override
        public String noun() {
            return "a string";
        }
    }

    /**
     * Bytes, or a long string of Python 2, which has no encoding. They stay in the file.
     *
     * @param position the first one in the range of the pickle
     */
    record Bytes(long position, long length) implements Value {
        @Override
        public String noun() {
            return "bytes";
        }
    }

    /** A tuple. */
    final class Tuple implements Value {
        private final List<Value> items;

        Tuple(List<Value> items) {
            this.items = items;
        }

        public List<Value> items() {
            return items;
        }

        @Override
        public String noun() {
            return "a tuple of " + items.size();
        }
    }

    /** A list. */
    final class Sequence implements Value {
        private final List<Value> items = new ArrayList<>(0);

        public List<Value> items() {
            return items;
        }

        @Override
        public String noun() {
            return "a list of " + items.size();
        }
    }

    /** A dict, of which only the entries with strings as keys are kept, because others cannot be weights. */
    final class Mapping implements Value {
        private final boolean ordered;
        private @Nullable SequencedMap<String, Value> named;

        /**
         * Creates an empty dict.
         *
         * @param ordered true for an OrderedDict, which may have attributes
         */
        Mapping(boolean ordered) {
            this.ordered = ordered;
        }

        boolean isOrdered() {
            return ordered;
        }

        /** Returns the entries with strings as keys, in order. */
        public SequencedMap<String, Value> named() {
            return named == null ? Collections.emptySortedMap() : named;
        }

        /** Adds an entry; returns false if the key exists. */
        boolean put(Value key, Value value) {
            if (!(key instanceof Text text)) {
                return true;
            }
            if (named == null) {
                named = new LinkedHashMap<>(4);
            }
            return named.putIfAbsent(text.value(), value) == null;
        }

        @Override
        public String noun() {
            return "a dict";
        }
    }

    /** A known Python name. */
    record Global(KnownGlobal global) implements Value {
        @Override
        public String noun() {
            return "'" + global.qualifiedName() + "'";
        }
    }

    /**
     * A Python class, a function, or an object of a class, of which only the name is known. Nothing is ever built or
     * called.
     *
     * @param name the name of the class or function in Python's notation
     * @param state the value that the object would get as its state; null if there is none
     */
    record Foreign(String name, @Nullable Value state) implements Value {
        @Override
        public String noun() {
            return "the Python object '" + Printable.text(name) + "'";
        }
    }

    /**
     * Contiguous elements in the file.
     *
     * @param key its name
     * @param type the type of its elements; null for bytes
     * @param count the number of elements
     */
    record Storage(String key, @Nullable ElementType type, long count) implements Value {
        /** Returns the number of bytes. */
        public long bytes() {
            return Math.multiplyExact(count, type == null ? 1 : type.bytes());
        }

        @Override
        public String noun() {
            return "a storage";
        }
    }

    /** A tensor. */
    record TensorValue(TensorView view) implements Value {
        @Override
        public String noun() {
            return "a tensor";
        }
    }
}
