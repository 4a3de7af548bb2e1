package org.resnet4j.benchmarks.djl;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import org.resnet4j.benchmarks.GaussianImages;
import org.resnet4j.benchmarks.Prediction;
import org.resnet4j.benchmarks.PredictionPeer;
import org.resnet4j.benchmarks.Workload;
import org.resnet4j.resnet.state.ResNetState;

/** The Deep Java Library: its own blocks on its PyTorch engine, called through its predictor. */
public final class DjlPeer implements PredictionPeer {
    private static final String ENGINE = "PyTorch";

    @Override
    public String name() {
        return "djl";
    }

    @Override
    public String describe() {
        Engine engine = Engine.getEngine(ENGINE);
        return Engine.getDjlVersion() + ", " + engine.getEngineName() + " " + engine.getVersion() + ", float32, NCHW";
    }

    @Override
    public Running prepare(Prediction prediction, int threads) {
        Engine.getEngine(ENGINE);
        JniUtils.setNumThreads(threads);
        return new Calls(prediction);
    }

    /** A model with its predictor and one batch. */
    private static final class Calls implements Running {
        private final NDManager manager;
        private final Model model;
        private final Predictor<NDList, NDList> predictor;
        private final NDList images;

        Calls(Prediction prediction) {
            Workload workload = prediction.workload();
            int size = workload.size();
            model = Model.newInstance(workload.name(), ENGINE);
            model.setBlock(DjlBlocks.build(
                    workload.spec(),
                    ResNetState.stateDict(prediction.network()),
                    workload.batch(),
                    model.getNDManager()));
            predictor = model.newPredictor(new NoopTranslator());
            manager = NDManager.newBaseManager(null, ENGINE);
            NDArray batch = manager.create(
                    GaussianImages.channelsFirst(prediction.images()),
                    new Shape(workload.batch(), workload.spec().inChannels(), size, size));
            images = new NDList(batch);
        }

        @Override
        public void call() {
            predict().close();
        }

        @Override
        public float[] logits() {
            try (NDList scores = predict()) {
                return scores.singletonOrThrow().toFloatArray();
            }
        }

        /** Returns the scores, which the caller owns. Intermediate results belong to the manager of the images. */
        private NDList predict() {
            try (NDManager ofThisCall = manager.newSubManager()) {
                images.tempAttach(ofThisCall);
                NDList scores = predictor.predict(images);
                scores.attach(manager);
                return scores;
            } catch (TranslateException e) {
                throw new IllegalStateException("DJL failed to predict", e);
            }
        }

        @Override
        public void close() {
            predictor.close();
            manager.close();
            model.close();
        }
    }
}
