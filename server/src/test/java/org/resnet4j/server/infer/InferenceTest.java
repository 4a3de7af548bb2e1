package org.resnet4j.server.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.server.TinyModel;
import org.resnet4j.server.batch.BatchSettings;
import org.resnet4j.server.batch.ComputeLane;
import org.resnet4j.server.front.Gate;
import org.resnet4j.server.front.NoRoomException;
import org.resnet4j.server.model.ModelLoader;
import org.resnet4j.server.model.ModelName;
import org.resnet4j.server.model.ServedModel;
import org.resnet4j.server.telemetry.Span;
import org.resnet4j.server.telemetry.Telemetry;

@Timeout(60)
class InferenceTest {
    private static final int IMAGE_BYTES = TinyModel.SIZE * TinyModel.SIZE * 3 * Float.BYTES;

    @TempDir
    private Path folder;

    @Test
    void tensorsOfPicturesAreAccountedForUntilTheAnswer() throws Exception {
        var gate = new Gate(3 * IMAGE_BYTES);
        gate.take(IMAGE_BYTES); // by another request
        var inference = new Inference(gate, new PictureDecoding(2, 1_000_000), Duration.ofSeconds(30));
        try (var telemetry = new Telemetry(null);
                var lane = new ComputeLane()) {
            var loader = new ModelLoader(lane, new BatchSettings(4, Duration.ZERO, 8), 1, false, telemetry);
            try (ServedModel model =
                    loader.load(new ModelName("pets", "1"), TinyModel.save(folder.resolve("pets"), 1))) {
                Span span = telemetry.begin(Span.Transport.HTTP, "test", null);
                byte[] picture = TinyModel.picture(1);
                assertEquals(
                        2,
                        inference
                                .classify(model, List.of(picture, picture), null, span)
                                .size());
                assertEquals(IMAGE_BYTES, gate.held());
                assertThrows(
                        NoRoomException.class,
                        () -> inference.classify(model, List.of(picture, picture, picture), null, span));
                assertEquals(IMAGE_BYTES, gate.held());
            }
        }
    }
}
