package org.resnet4j.server.infer;

import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.resnet4j.Prediction;
import org.resnet4j.insight.GradCam;
import org.resnet4j.insight.HeatMap;
import org.resnet4j.server.batch.BatchAnswer;
import org.resnet4j.server.batch.DeadlineException;
import org.resnet4j.server.batch.QueueFullException;
import org.resnet4j.server.front.Gate;
import org.resnet4j.server.front.NoRoomException;
import org.resnet4j.server.model.ServedModel;
import org.resnet4j.server.protocol.InferInput;
import org.resnet4j.server.protocol.InferReply;
import org.resnet4j.server.protocol.InferRequest;
import org.resnet4j.server.protocol.InvalidRequestException;
import org.resnet4j.server.telemetry.Span;
import org.resnet4j.tensor.NonFiniteScoresException;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/** Answers requests with a model, on the thread of the request. */
public final class Inference {
    private final Gate gate;
    private final PictureDecoding decoding;
    private final Duration longest;

    /**
     * @param gate accounts for the tensors of requests
     * @param longest the time after which a request is no longer computed, unless it asks for less
     */
    public Inference(Gate gate, PictureDecoding decoding, Duration longest) {
        this.gate = gate;
        this.decoding = decoding;
        this.longest = longest;
    }

    /**
     * Answers a request of the protocol.
     *
     * @param span receives the times of the stages
     * @throws InvalidRequestException if the request does not suit the model
     * @throws PictureException if a picture cannot be decoded
     * @throws QueueFullException if too many images wait
     * @throws NoRoomException if too many bytes are held
     * @throws TimeoutException if the deadline passed before the computation began
     */
    public InferReply infer(ServedModel model, InferRequest request, Span span)
            throws InvalidRequestException, PictureException, QueueFullException, NoRoomException, TimeoutException,
                    InterruptedException {
        long deadline = deadline(request.timeoutMicros());
        if (request.inputs().size() != 1 || !request.inputs().getFirst().name().equals(ModelTensors.INPUT)) {
            throw new InvalidRequestException("the model " + model.name().name() + " has one input, '"
                    + ModelTensors.INPUT + "'; the request has "
                    + request.inputs().stream().map(InferInput::name).toList());
        }
        SequencedSet<InferRequest.Output> wanted = wanted(request);
        String id = request.id(); // the request is not used after its images are read, so that it need not be kept
        boolean isBinary = request.binary();
        List<Prediction> predictions;
        try (Gate.Room _ = room(model, images(request.inputs().getFirst()))) {
            Tensor images = tensor(model, request.inputs().getFirst(), deadline, span);
            predictions = predict(model, images, deadline, span).results();
            model.arrays().giveBack(images.array());
        }
        var outputs = new ArrayList<InferReply.Output>();
        for (InferRequest.Output output : wanted) {
            ModelTensors.Output kind = kind(output.name());
            float[][] rows = predictions.stream().map(kind::of).toArray(float[][]::new);
            Boolean binary = output.binary();
            outputs.add(new InferReply.Output(output.name(), rows, binary == null ? isBinary : binary));
        }
        return new InferReply(model.name().name(), model.name().version(), id, outputs);
    }

    /** Returns the deadline of a request, of {@link System#nanoTime}. */
    private long deadline(long timeoutMicros) {
        long nanos = longest.toNanos();
        return System.nanoTime()
                + (timeoutMicros > 0 ? Math.min(nanos, TimeUnit.MICROSECONDS.toNanos(timeoutMicros)) : nanos);
    }

    /** A choice of the class whose heat map is drawn. */
    public interface HeatMapChoice {
        int classIndex(Prediction prediction);
    }

    /**
     * Returns the answers for pictures. A picture that cannot be decoded, or whose scores are not finite, does not affect
     * the others.
     *
     * @param pictures the content of a file each
     * @param heatMap chooses the class whose heat map is drawn; null for no heat maps
     * @param span receives the times of the stages
     * @throws InvalidRequestException if there are too many pictures
     * @throws QueueFullException if too many images wait
     * @throws NoRoomException if too many bytes are held
     * @throws TimeoutException if the deadline passed before the computation began
     */
    public List<PictureAnswer> classify(
            ServedModel model, List<byte[]> pictures, @Nullable HeatMapChoice heatMap, Span span)
            throws InvalidRequestException, QueueFullException, NoRoomException, TimeoutException,
                    InterruptedException {
        long deadline = deadline(0);
        checkCount(model, pictures.size());
        try (Gate.Room _ = room(model, pictures.size())) {
            return answers(model, pictures, heatMap, deadline, span);
        }
    }

    private List<PictureAnswer> answers(
            ServedModel model, List<byte[]> pictures, @Nullable HeatMapChoice heatMap, long deadline, Span span)
            throws QueueFullException, TimeoutException, InterruptedException {
        Tensor inputs = inputs(model, pictures.size());
        var sizes = new ArrayList<PictureSize>();
        var failed = new HashMap<Integer, PictureAnswer>();
        long start = System.nanoTime();
        for (int i = 0; i < pictures.size(); i++) {
            try {
                int offset = sizes.size() * model.transform().inputLength();
                sizes.add(decoding.write(
                        pictures.get(i), "the picture", model.transform(), deadline, inputs.array(), offset));
            } catch (PictureException unreadable) {
                failed.put(i, new PictureAnswer.Failed(unreadable));
            }
        }
        span.decoded(System.nanoTime() - start);
        Tensor readable = failed.isEmpty() ? inputs : part(model, inputs, 0, sizes.size());
        Iterator<PictureAnswer> others =
                answers(model, readable, sizes, heatMap, deadline, span).iterator();
        var answers = new ArrayList<PictureAnswer>();
        for (int i = 0; i < pictures.size(); i++) {
            PictureAnswer failure = failed.get(i);
            answers.add(failure != null ? failure : others.next());
        }
        model.arrays().giveBack(inputs.array());
        return answers;
    }

    private static List<PictureAnswer> answers(
            ServedModel model,
            Tensor inputs,
            List<PictureSize> sizes,
            @Nullable HeatMapChoice heatMap,
            long deadline,
            Span span)
            throws QueueFullException, TimeoutException {
        var answers = new ArrayList<PictureAnswer>();
        if (sizes.isEmpty()) {
            return answers;
        }
        try {
            List<Prediction> predictions =
                    predict(model, inputs, deadline, span).results();
            for (int i = 0; i < sizes.size(); i++) {
                Prediction prediction = predictions.get(i);
                PictureAnswer.ClassHeatMap map = null;
                if (heatMap != null) {
                    Tensor one = part(model, inputs, i, i + 1);
                    map = heatMap(model, one, sizes.get(i), heatMap.classIndex(prediction), deadline);
                }
                answers.add(new PictureAnswer.Classified(prediction, map));
            }
        } catch (PictureException notFinite) {
            if (sizes.size() == 1) {
                return List.of(new PictureAnswer.Failed(notFinite));
            }
            answers.clear();
            for (int i = 0; i < sizes.size(); i++) {
                Tensor one = part(model, inputs, i, i + 1);
                answers.addAll(answers(model, one, List.of(sizes.get(i)), heatMap, deadline, span));
            }
        }
        return answers;
    }

    private static PictureAnswer.ClassHeatMap heatMap(
            ServedModel model, Tensor input, PictureSize size, int classIndex, long deadline)
            throws QueueFullException, TimeoutException, PictureException {
        GradCam evidence = result(model.explain(input, deadline)).results().getFirst();
        HeatMap map = evidence.heatMap(classIndex, GradCam.Method.GRAD_CAM);
        return new PictureAnswer.ClassHeatMap(classIndex, HeatLayer.png(map, model.transform(), size));
    }

    /** Returns the number of images that the shape of an input promises, as far as a request may have them. */
    private static long images(InferInput input) {
        return input.shape().length == 0 ? 1 : input.shape()[0];
    }

    /** Takes room for the tensor of a request. */
    private Gate.Room room(ServedModel model, long images) throws NoRoomException {
        long counted = Math.min(images, model.largestRequest()); // larger ones are refused
        return gate.room(counted * model.transform().inputLength() * Float.BYTES);
    }

    /** Returns a tensor for images, whose values are to be written. */
    private static Tensor inputs(ServedModel model, int images) {
        int size = model.transform().inputSize();
        int channels = model.transform().normalization().channels();
        return images == 1
                ? Tensor.wrap(model.arrays().borrow(), Shape.of(1, size, size, channels))
                : Tensor.zeros(images, size, size, channels);
    }

    /** Returns images {@code from} to {@code to - 1}; all of them are not copied. */
    private static Tensor part(ServedModel model, Tensor images, int from, int to) {
        if (to - from == images.shape().extent(0)) {
            return images;
        }
        int length = model.transform().inputLength();
        float[] part = Arrays.copyOfRange(images.array(), from * length, to * length);
        return Tensor.wrap(part, images.shape().withBatch(to - from));
    }

    private static SequencedSet<InferRequest.Output> wanted(InferRequest request) throws InvalidRequestException {
        var wanted = new LinkedHashSet<InferRequest.Output>();
        if (request.outputs().isEmpty()) {
            for (ModelTensors.Output each : EnumSet.allOf(ModelTensors.Output.class)) {
                wanted.add(new InferRequest.Output(each.text(), null));
            }
        }
        var names = new LinkedHashSet<String>();
        for (InferRequest.Output each : request.outputs()) {
            kind(each.name());
            if (!names.add(each.name())) {
                throw new InvalidRequestException("the output '" + each.name() + "' is requested twice");
            }
            wanted.add(each);
        }
        return wanted;
    }

    private static ModelTensors.Output kind(String name) throws InvalidRequestException {
        var known = new ArrayList<String>();
        for (ModelTensors.Output each : ModelTensors.Output.values()) {
            if (each.text().equals(name)) {
                return each;
            }
            known.add(each.text());
        }
        throw new InvalidRequestException("there is no output '" + name + "'; the outputs are " + known);
    }

    private Tensor tensor(ServedModel model, InferInput input, long deadline, Span span)
            throws InvalidRequestException, PictureException, TimeoutException, InterruptedException {
        long[] expected = ModelTensors.inputShape(model);
        return switch (input) {
            case InferInput.Floats floats -> {
                long[] shape = floats.shape();
                boolean fits = shape.length == expected.length;
                for (int axis = 1; fits && axis < shape.length; axis++) {
                    fits = shape[axis] == expected[axis];
                }
                if (!fits) {
                    throw new InvalidRequestException("input '" + floats.name() + "' has the shape "
                            + InferInput.text(shape) + ", the model "
                            + model.name().name() + " needs "
                            + InferInput.text(expected));
                }
                checkCount(model, shape[0]);
                yield channelsLast(floats.values(), inputs(model, (int) shape[0]));
            }
            case InferInput.Pictures pictures -> {
                long[] shape = pictures.shape();
                if (shape.length != 1 && !(shape.length == 2 && shape[1] == 1)) {
                    throw new InvalidRequestException("pictures have the shape [N] or [N, 1], input '" + pictures.name()
                            + "' has " + InferInput.text(shape));
                }
                checkCount(model, shape[0]);
                yield decoded(model, pictures.values(), deadline, span);
            }
        };
    }

    private static void checkCount(ServedModel model, long images) throws InvalidRequestException {
        if (images > model.largestRequest()) {
            throw new InvalidRequestException("the request has " + images + " images; " + model.largestRequest()
                    + " are the most that a request may have");
        }
    }

    /** Returns {@code [N, H, W, C]} of square images {@code [N, C, H, W]}. */
    private static Tensor channelsLast(FloatBuffer values, Tensor tensor) {
        int images = tensor.shape().extent(0);
        int size = tensor.shape().extent(1);
        int channels = tensor.shape().extent(3);
        float[] target = tensor.array();
        float[] row = new float[size];
        int places = size * size;
        for (int plane = 0; plane < images * channels; plane++) {
            int image = plane / channels;
            int to = image * places * channels + plane % channels;
            for (int y = 0; y < size; y++) {
                values.get(plane * places + y * size, row);
                for (int x = 0; x < size; x++) {
                    target[to] = row[x];
                    to += channels;
                }
            }
        }
        return tensor;
    }

    private Tensor decoded(ServedModel model, List<byte[]> pictures, long deadline, Span span)
            throws PictureException, TimeoutException, InterruptedException {
        Tensor tensor = inputs(model, pictures.size());
        int length = model.transform().inputLength();
        long start = System.nanoTime();
        for (int i = 0; i < pictures.size(); i++) {
            String name = pictures.size() == 1 ? "the picture" : "picture " + i;
            decoding.write(pictures.get(i), name, model.transform(), deadline, tensor.array(), i * length);
        }
        span.decoded(System.nanoTime() - start);
        return tensor;
    }

    private static BatchAnswer<Prediction> predict(ServedModel model, Tensor images, long deadline, Span span)
            throws QueueFullException, TimeoutException, PictureException {
        BatchAnswer<Prediction> answer = result(model.submit(images, deadline));
        span.computed(images.shape().extent(0), answer.batch(), answer.queuedNanos(), answer.computedNanos());
        return answer;
    }

    private static <R> BatchAnswer<R> result(CompletableFuture<BatchAnswer<R>> answer)
            throws TimeoutException, PictureException {
        try {
            return answer.join(); // uninterruptible: the model stays open until then
        } catch (CompletionException failure) {
            switch (failure.getCause()) {
                case DeadlineException late -> {
                    var timeout = new TimeoutException(late.getMessage());
                    timeout.initCause(late);
                    throw timeout;
                }
                case NonFiniteScoresException infinite ->
                    throw new PictureException(String.valueOf(infinite.getMessage()), infinite);
                case RuntimeException other -> throw other;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(failure);
            }
        }
    }
}
