package org.resnet4j.server.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
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

@Timeout(60)
class ModelRepositoryTest {
    private static final Duration NEVER = Duration.ofDays(1);

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

    private ModelRepository repository(Duration interval) {
        var loader = new ModelLoader(lane, new BatchSettings(2, Duration.ZERO, 4), 1, false, telemetry);
        return new ModelRepository(folder, loader, models, interval);
    }

    private ServedModel newest(String name) throws UnknownModelException {
        try (var lease = models.lease(name, null)) {
            return lease.model();
        }
    }

    @Test
    void foldersAreModelsOrTheirVersions() throws IOException {
        TinyModel.save(folder.resolve("pets"), 1);
        TinyModel.save(folder.resolve("flowers/3"), 2);
        TinyModel.save(folder.resolve("flowers/12"), 3);
        TinyModel.save(folder.resolve(".hidden"), 4);
        Files.createDirectories(folder.resolve("empty/1"));
        Files.writeString(folder.resolve("README"), "not a model");
        try (ModelRepository repository = repository(NEVER)) {
            repository.start();
            assertEquals(Map.of("pets", List.of("1"), "flowers", List.of("3", "12")), models.versions());
        }
    }

    @Test
    void modelsThatAppearChangeAndDisappearAreFollowed() throws Exception {
        TinyModel.save(folder.resolve("pets"), 1);
        try (ModelRepository repository = repository(NEVER)) {
            repository.start();
            ServedModel first = newest("pets");
            repository.look();
            assertSame(first, newest("pets"), "nothing has changed");

            TinyModel.save(folder.resolve("flowers/1"), 2);
            repository.look();
            assertEquals(Map.of("pets", List.of("1")), models.versions(), "its files may still be written");
            repository.look();
            assertEquals(Map.of("pets", List.of("1"), "flowers", List.of("1")), models.versions());

            TinyModel.save(folder.resolve("pets"), 3);
            Files.setLastModifiedTime(
                    folder.resolve("pets/model.safetensors"), java.nio.file.attribute.FileTime.fromMillis(1));
            repository.look();
            assertSame(first, newest("pets"));
            repository.look();
            ServedModel second = newest("pets");
            assertNotSame(first, second);

            Files.writeString(folder.resolve("pets/model.safetensors"), "damaged");
            repository.look();
            repository.look();
            repository.look();
            assertSame(second, newest("pets"), "a damaged model does not replace a good one");

            TinyModel.save(folder.resolve("pets"), 4);
            repository.look();
            repository.look();
            assertNotSame(second, newest("pets"));

            Files.delete(folder.resolve("flowers/1/model.safetensors"));
            Files.delete(folder.resolve("flowers/1/config.json"));
            repository.look();
            repository.look();
            assertEquals(Map.of("pets", List.of("1")), models.versions());
        }
    }

    @Test
    void theFolderIsWatched() throws Exception {
        try (ModelRepository repository = repository(Duration.ofMillis(20))) {
            repository.start();
            assertEquals(Map.of(), models.versions());
            TinyModel.save(folder.resolve("pets"), 1);
            while (models.versions().isEmpty()) {
                Thread.sleep(10);
            }
            assertEquals("pets", newest("pets").name().name());
        }
    }

    @Test
    void aFolderThatIsMissingOrHoldsADamagedModelIsNamed() throws IOException {
        var loader = new ModelLoader(lane, new BatchSettings(2, Duration.ZERO, 4), 1, false, telemetry);
        var missing = new ModelRepository(folder.resolve("none"), loader, models, NEVER);
        assertTrue(assertThrows(IOException.class, missing::start).getMessage().contains("none"));
        TinyModel.save(folder.resolve("pets"), 1);
        Files.writeString(folder.resolve("pets/model.safetensors"), "damaged");
        String message =
                assertThrows(IOException.class, repository(NEVER)::start).getMessage();
        assertTrue(message.contains("model.safetensors"), message);
    }

    @Test
    void aModelForWhichThereIsNoMemoryIsNotLoaded() throws Exception {
        Path pets = TinyModel.save(folder.resolve("pets"), 1);
        var batches = new BatchSettings(2, Duration.ZERO, 4);
        long bytes;
        try (ServedModel model =
                new ModelLoader(lane, batches, 1, false, telemetry).load(new ModelName("a", "1"), pets)) {
            bytes = model.bytes();
        }
        var loader = new ModelLoader(lane, batches, 1, false, new HeapBudget(2 * bytes), telemetry, null);
        var repository = new ModelRepository(folder, loader, models, NEVER);
        repository.start();
        models.put(loader.load(new ModelName("b", "1"), pets));
        String refused = assertThrows(IOException.class, () -> loader.load(new ModelName("c", "1"), pets))
                .getMessage();
        assertTrue(refused.startsWith("c version 1 (" + pets + ") takes about "), refused);
        ServedModel first = newest("pets");
        TinyModel.save(pets, 2);
        repository.look();
        repository.look();
        assertSame(first, newest("pets"), "an exchange needs memory for both");
        assertTrue(models.remove(new ModelName("b", "1")));
        TinyModel.save(pets, 3);
        repository.look();
        repository.look();
        assertNotSame(first, newest("pets"), "the model that was removed has left its memory");
        repository.close();
    }

    @Test
    void aModelThatIsServedFromElsewhereIsNotReplacedInSilence() throws Exception {
        var loader = new ModelLoader(lane, new BatchSettings(2, Duration.ZERO, 4), 1, false, telemetry);
        Path own = TinyModel.save(folder.resolve(".own"), 1);
        models.put(loader.load(new ModelName("pets", "1"), own));
        ServedModel given = newest("pets");
        try (ModelRepository repository = repository(NEVER)) {
            repository.start();
            TinyModel.save(folder.resolve("pets"), 2);
            repository.look();
            repository.look();
            assertSame(given, newest("pets"));
            String refused =
                    assertThrows(IOException.class, repository(NEVER)::start).getMessage();
            assertTrue(refused.endsWith("pets: another model is served as pets version 1"), refused);
            Files.delete(folder.resolve("pets/model.safetensors"));
            Files.delete(folder.resolve("pets/config.json"));
            repository.look();
            repository.look();
            assertSame(given, newest("pets"));
        }
    }
}
