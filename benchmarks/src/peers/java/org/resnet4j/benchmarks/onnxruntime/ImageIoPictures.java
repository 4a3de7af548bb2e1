package org.resnet4j.benchmarks.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;
import org.resnet4j.benchmarks.PictureNetwork;
import org.resnet4j.benchmarks.PicturePeer;

/**
 * ImageIO, with TwelveMonkeys' reader for WebP, {@link Graphics2D} with bilinear interpolation, which does not average
 * when it reduces, and ONNX Runtime. A pool decodes the next batch while the network computes.
 */
public final class ImageIoPictures implements PicturePeer {
    private static final int BATCH = 16;
    private static final int RESIZED = 256;
    private static final int SIZE = 224;
    private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
    private static final float[] DEVIATION = {0.229f, 0.224f, 0.225f};

    @Override
    public String name() {
        return "imageio";
    }

    @Override
    public Running open(Path network, int threads) {
        ImageIO.setUseCache(false);
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            return new Session(
                    OrtEnvironment.getEnvironment()
                            .createSession(network.resolve(PictureNetwork.ONNX).toString(), options),
                    Executors.newFixedThreadPool(threads));
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime rejects the network", e);
        }
    }

    private record Session(OrtSession session, ExecutorService pool) implements Running {
        @Override
        public float[][] predict(List<Path> files) throws IOException {
            List<float[]> logits = new ArrayList<>();
            List<Future<float[]>> next = submit(files, 0);
            for (int start = 0; start < files.size(); start += BATCH) {
                FloatBuffer batch = FloatBuffer.allocate(next.size() * 3 * SIZE * SIZE);
                for (Future<float[]> picture : next) {
                    batch.put(get(picture));
                }
                int count = next.size();
                next = submit(files, start + BATCH);
                logits.addAll(List.of(scores(batch.flip(), count)));
            }
            return logits.toArray(float[][]::new);
        }

        private List<Future<float[]>> submit(List<Path> files, int start) {
            return files.subList(Math.min(start, files.size()), Math.min(start + BATCH, files.size())).stream()
                    .map(file -> pool.submit(() -> prepare(file)))
                    .toList();
        }

        private float[][] scores(FloatBuffer batch, int count) {
            String input = session.getInputNames().iterator().next();
            try (var tensor = OnnxTensor.createTensor(
                            OrtEnvironment.getEnvironment(), batch, new long[] {count, 3, SIZE, SIZE});
                    var result = session.run(java.util.Map.of(input, tensor))) {
                return (float[][]) result.get(0).getValue();
            } catch (OrtException e) {
                throw new IllegalStateException("ONNX Runtime failed to predict", e);
            }
        }

        @Override
        public void close() {
            pool.close();
            try {
                session.close();
            } catch (OrtException e) {
                throw new IllegalStateException("ONNX Runtime failed to close", e);
            }
        }
    }

    private static float[] get(Future<float[]> picture) throws IOException {
        try {
            return picture.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException("a picture cannot be read", e);
        }
    }

    private static float[] prepare(Path file) throws IOException {
        BufferedImage picture = ImageIO.read(file.toFile());
        if (picture == null) {
            throw new IOException("ImageIO has no reader for " + file);
        }
        double scale = (double) RESIZED / Math.min(picture.getWidth(), picture.getHeight());
        int width = (int) (picture.getWidth() * scale);
        int height = (int) (picture.getHeight() * scale);
        var square = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = square.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(picture, (SIZE - width) / 2, (SIZE - height) / 2, width, height, null);
        graphics.dispose();
        int[] pixels = square.getRGB(0, 0, SIZE, SIZE, null, 0, SIZE);
        float[] values = new float[3 * pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            for (int channel = 0; channel < 3; channel++) {
                float sample = (pixels[i] >> 16 - 8 * channel & 255) / 255f;
                values[channel * pixels.length + i] = (sample - MEAN[channel]) / DEVIATION[channel];
            }
        }
        return values;
    }
}
