package org.resnet4j.training.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.session.BatchMetrics;
import org.resnet4j.training.session.SessionState;
import org.resnet4j.training.session.TrainingSession;

/** A session whose losses and accuracies are given; it learns nothing and writes down what was asked of it. */
final class ScriptedSession implements TrainingSession {
    final List<String> calls = new ArrayList<>();
    private final List<Double> trainLosses;
    private final List<Integer> validationTop1;
    private final Tensor weight = Tensor.zeros(1);
    private int step;
    private int validations;

    /**
     * @param trainLosses of each batch; 1 when the list is over
     * @param validationTop1 right images out of 10 at each validation of one batch
     */
    ScriptedSession(List<Double> trainLosses, List<Integer> validationTop1) {
        this.trainLosses = trainLosses;
        this.validationTop1 = validationTop1;
    }

    void weight(float value) {
        weight.array()[0] = value;
    }

    @Override
    public BatchMetrics accumulate(Batch batch, int batchesInUpdate) {
        if (batch.size() == 0) {
            return BatchMetrics.NONE;
        }
        double loss = step < trainLosses.size() ? trainLosses.get(step) : 1;
        step++;
        calls.add("accumulate 1/" + batchesInUpdate);
        return new BatchMetrics(batch.size(), loss * batch.size(), 1, 2);
    }

    @Override
    public void update(double learningRate) {
        calls.add("update " + learningRate);
    }

    @Override
    public Evaluation evaluate() {
        calls.add("evaluate");
        return new Evaluation() {
            @Override
            public BatchMetrics score(Batch batch) {
                int right = validationTop1.get(validations);
                validations++;
                return new BatchMetrics(10, 10, right, 10);
            }

            @Override
            public void close() {
                calls.add("evaluated");
            }
        };
    }

    @Override
    public SessionState state() {
        var state = new SessionState.Builder();
        state.tensor("weight", weight);
        return state.build();
    }

    @Override
    public void restore(SessionState state) {
        state.copyTo("weight", weight);
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("optimizer", "none");
    }
}
