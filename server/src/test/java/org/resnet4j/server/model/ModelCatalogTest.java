package org.resnet4j.server.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.server.TinyModel;
import org.resnet4j.server.batch.BatchSettings;
import org.resnet4j.server.batch.ComputeLane;
import org.resnet4j.server.telemetry.Telemetry;
import org.resnet4j.tensor.Tensor;

@Timeout(60)
class ModelCatalogTest {
    @TempDir
    private Path folder;

    private final ComputeLane lane = new ComputeLane();
    private final ModelCatalog models = new ModelCatalog();
    private final Telemetry telemetry = new Telemetry(null);

    @AfterEach
    void close() {
        models.close();
        lane.close();
        telemetry.close();
    }

    private ServedModel model(String name, String version) throws IOException {
        var loader = new ModelLoader(lane, new BatchSettings(2, Duration.ZERO, 4), 1, false, telemetry);
        return loader.load(new ModelName(name, version), TinyModel.save(folder.resolve(name + version), 1));
    }

    private static Tensor image() {
        return Tensor.zeros(1, TinyModel.SIZE, TinyModel.SIZE, 3);
    }

    @Test
    void withoutAVersionTheLargestNumberAnswers() throws Exception {
        for (String version : List.of("10", "9", "test", "2")) {
            models.put(model("pets", version));
        }
        models.put(model("old", "1"));
        assertEquals(Map.of("pets", List.of("test", "2", "9", "10"), "old", List.of("1")), models.versions());
        try (var lease = models.lease("pets", null)) {
            assertEquals("10", lease.model().name().version());
        }
        try (var lease = models.lease("pets", "test")) {
            assertEquals("test", lease.model().name().version());
        }
        assertEquals(
                "there is no model 'x'; the models are [old, pets]",
                assertThrows(UnknownModelException.class, () -> models.lease("x", null))
                        .getMessage());
    }

    @Test
    void anExchangedModelAnswersWhatItHasAccepted() throws Exception {
        models.put(model("pets", "1"));
        var lease = models.lease("pets", null);
        ServedModel old = lease.model();
        ServedModel other = model("pets", "1");
        Thread exchange = Thread.ofVirtual().start(() -> models.put(other));
        ServedModel now = old;
        while (now == old) {
            try (var next = models.lease("pets", null)) {
                now = next.model();
            }
        }
        assertSame(other, now);
        assertNotSame(old, now);
        long later = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        assertEquals(1, old.submit(image(), later).join().results().size());
        assertTrue(exchange.isAlive(), "the old model is in use");
        lease.close();
        exchange.join();
        assertThrows(IllegalStateException.class, () -> old.submit(image(), later));
        assertTrue(models.remove(other.name()));
        assertEquals(Map.of(), models.versions());
    }
}
