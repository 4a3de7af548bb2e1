package org.resnet4j.server.grpc;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.server.protocol.Datatype;
import org.resnet4j.server.protocol.InferInput;
import org.resnet4j.server.protocol.InferRequest;
import org.resnet4j.server.protocol.InvalidRequestException;
import org.resnet4j.server.protocol.TensorBytes;

/**
 * A reader of {@code ModelInferRequest}. Unknown fields are skipped. Of the parameters it knows {@code timeout}, in
 * microseconds: an integer, or its digits as a string.
 */
final class InferRequestReader {
    private static final String TIMEOUT = "timeout";
    private static final int MAX_TENSORS = 64;
    private static final int MAX_RANK = 8;
    private static final int MAX_PICTURES = 1 << 16;
    private static final int FIRST_ELEMENTS = 16;

    private final CodedInputStream in;
    private final ModelRequest.Builder model = new ModelRequest.Builder();
    private final List<Input> inputs = new ArrayList<>();
    private final List<InferRequest.Output> outputs = new ArrayList<>();
    private final List<ByteBuffer> raw = new ArrayList<>();
    private String id = "";
    private long timeout;

    private InferRequestReader(CodedInputStream in) {
        this.in = in;
    }

    /** A request and the model that it is for. */
    record ModelInfer(ModelRequest model, InferRequest request) {}

    /** The fields of an {@code InferInputTensor}. */
    private static final class Input {
        private String name = "";
        private String type = "";
        private final long[] shape = new long[MAX_RANK];
        private int rank;
        private @Nullable Contents contents;

        void add(long extent) throws InvalidRequestException {
            if (rank == MAX_RANK) {
                throw new InvalidRequestException("the shape of an input has more than " + MAX_RANK + " extents");
            }
            shape[rank++] = extent;
        }
    }

    /** The fields of an {@code InferTensorContents}. */
    private static final class Contents {
        private float[] numbers = new float[FIRST_ELEMENTS];
        private int count;
        private final List<byte[]> pictures = new ArrayList<>();

        void add(float number) {
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, Math.multiplyExact(count, 2));
            }
            numbers[count++] = number;
        }

        void add(byte[] picture) throws InvalidRequestException {
            if (pictures.size() == MAX_PICTURES) {
                throw new InvalidRequestException("an input has more than " + MAX_PICTURES + " pictures");
            }
            pictures.add(picture);
        }
    }

    /**
     * Reads a message.
     *
     * @throws InvalidRequestException if it is malformed, or if its tensors are
     */
    static ModelInfer read(byte[] message) throws InvalidRequestException {
        CodedInputStream in = CodedInputStream.newInstance(message);
        in.enableAliasing(true);
        var reader = new InferRequestReader(in);
        Messages.read(in, reader::field);
        return reader.request();
    }

    private boolean field(int tag) throws IOException, InvalidRequestException {
        switch (tag) {
            case 1 << 3 | Messages.DELIMITED -> model.name(in.readStringRequireUtf8());
            case 2 << 3 | Messages.DELIMITED -> model.version(in.readStringRequireUtf8());
            case 3 << 3 | Messages.DELIMITED -> id = in.readStringRequireUtf8();
            case 4 << 3 | Messages.DELIMITED -> parameter();
            case 5 << 3 | Messages.DELIMITED -> {
                checkCount(inputs, "inputs");
                inputs.add(input());
            }
            case 6 << 3 | Messages.DELIMITED -> {
                checkCount(outputs, "outputs");
                outputs.add(output());
            }
            case 7 << 3 | Messages.DELIMITED -> {
                checkCount(raw, "raw_input_contents");
                raw.add(in.readByteBuffer());
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void checkCount(List<?> list, String name) throws InvalidRequestException {
        if (list.size() == MAX_TENSORS) {
            throw new InvalidRequestException("the request has more than " + MAX_TENSORS + " " + name);
        }
    }

    /** Reads an entry of the parameters of the request. */
    private void parameter() throws IOException, InvalidRequestException {
        var entry = new Object() {
            String key = "";

            @Nullable
            Object value;
        };
        Messages.nested(in, tag -> {
            switch (tag) {
                case 1 << 3 | Messages.DELIMITED -> entry.key = in.readStringRequireUtf8();
                case 2 << 3 | Messages.DELIMITED -> entry.value = parameterValue();
                default -> {
                    return false;
                }
            }
            return true;
        });
        if (entry.key.equals(TIMEOUT)) {
            timeout = micros(entry.value);
        }
    }

    /** Reads an {@code InferParameter}; returns null if it has no value of a known type. */
    private @Nullable Object parameterValue() throws IOException, InvalidRequestException {
        var choice = new Object() {
            @Nullable
            Object value;
        };
        Messages.nested(in, tag -> {
            switch (tag) {
                case 1 << 3 | Messages.VARINT -> choice.value = in.readBool();
                case 2 << 3 | Messages.VARINT -> choice.value = in.readInt64();
                case 3 << 3 | Messages.DELIMITED -> choice.value = in.readStringRequireUtf8();
                case 4 << 3 | Messages.FIXED64 -> choice.value = in.readDouble();
                case 5 << 3 | Messages.VARINT -> {
                    long unsigned = in.readUInt64();
                    choice.value = unsigned < 0 ? Long.MAX_VALUE : unsigned;
                }
                default -> {
                    return false;
                }
            }
            return true;
        });
        return choice.value;
    }

    private static long micros(@Nullable Object value) throws InvalidRequestException {
        long micros = -1;
        if (value instanceof Long number) {
            micros = number;
        } else if (value instanceof String digits && digits.matches("[0-9]{1,18}")) {
            micros = Long.parseLong(digits);
        }
        if (micros < 0) {
            throw new InvalidRequestException(
                    "the parameter timeout must be a whole number of microseconds, got " + value);
        }
        return micros;
    }

    private InferRequest.Output output() throws IOException, InvalidRequestException {
        var output = new Object() {
            String name = "";
        };
        Messages.nested(in, tag -> {
            if (tag != (1 << 3 | Messages.DELIMITED)) {
                return false;
            }
            output.name = in.readStringRequireUtf8();
            return true;
        });
        return new InferRequest.Output(output.name, null);
    }

    private Input input() throws IOException, InvalidRequestException {
        var input = new Input();
        Messages.nested(in, tag -> {
            switch (tag) {
                case 1 << 3 | Messages.DELIMITED -> input.name = in.readStringRequireUtf8();
                case 2 << 3 | Messages.DELIMITED -> input.type = in.readStringRequireUtf8();
                case 3 << 3 | Messages.VARINT -> input.add(in.readInt64());
                case 3 << 3 | Messages.DELIMITED -> Messages.packed(in, () -> input.add(in.readInt64()));
                case 5 << 3 | Messages.DELIMITED -> {
                    Contents contents = input.contents == null ? new Contents() : input.contents;
                    input.contents = contents;
                    Messages.nested(in, field -> contents(field, contents));
                }
                default -> {
                    return false;
                }
            }
            return true;
        });
        return input;
    }

    private boolean contents(int tag, Contents contents) throws IOException, InvalidRequestException {
        switch (tag) {
            case 6 << 3 | Messages.FIXED32 -> contents.add(in.readFloat());
            case 6 << 3 | Messages.DELIMITED -> Messages.packed(in, () -> contents.add(in.readFloat()));
            case 8 << 3 | Messages.DELIMITED -> contents.add(in.readByteArray());
            default -> {
                return false;
            }
        }
        return true;
    }

    private ModelInfer request() throws InvalidRequestException {
        if (!raw.isEmpty() && raw.size() != inputs.size()) {
            throw new InvalidRequestException("the request has " + inputs.size() + " inputs, but " + raw.size()
                    + " raw_input_contents; there must be one for each");
        }
        var tensors = new ArrayList<InferInput>();
        for (Input input : inputs) {
            tensors.add(tensor(input, raw.isEmpty() ? null : raw.get(tensors.size())));
        }
        return new ModelInfer(
                model.build(), new InferRequest(id.isEmpty() ? null : id, tensors, outputs, timeout, !raw.isEmpty()));
    }

    private static InferInput tensor(Input input, @Nullable ByteBuffer raw) throws InvalidRequestException {
        long[] shape = Arrays.copyOf(input.shape, input.rank);
        Datatype type = Datatype.of(input.type);
        Contents contents = input.contents;
        if (raw != null) {
            if (contents != null) {
                throw new InvalidRequestException(
                        "input '" + input.name + "' has contents, and the request has raw_input_contents");
            }
            return TensorBytes.read(input.name, shape, type, raw);
        }
        if (contents == null) {
            throw new InvalidRequestException(
                    "input '" + input.name + "' has no contents, and the request has no raw_input_contents");
        }
        return typed(input.name, shape, type, contents);
    }

    private static InferInput typed(String name, long[] shape, Datatype type, Contents contents)
            throws InvalidRequestException {
        if (type == Datatype.FP16) {
            throw new InvalidRequestException("input '" + name + "' is FP16, which must be sent as raw_input_contents");
        }
        boolean pictures = type == Datatype.BYTES;
        int found = pictures ? contents.pictures.size() : contents.count;
        long wanted = TensorBytes.elements(name, shape);
        if (found != wanted) {
            throw new InvalidRequestException("input '" + name + "' of shape " + InferInput.text(shape) + " needs "
                    + wanted + (pictures ? " bytes_contents" : " fp32_contents") + ", got " + found);
        }
        return pictures
                ? new InferInput.Pictures(name, shape, contents.pictures)
                : new InferInput.Floats(name, shape, FloatBuffer.wrap(contents.numbers, 0, found));
    }
}
