package org.resnet4j.server.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.model.ModelFolder;

/**
 * A folder of models that is watched: {@code DIR/NAME} is a model folder, or {@code DIR/NAME/VERSION} are. A model that
 * appears or changes is loaded as soon as its files have been the same at two looks in a row; a model that disappears is
 * removed. One that cannot be loaded is reported once, and the one before it goes on answering.
 *
 * <p>The folder is looked at in intervals, not by notifications of the system, which network file systems do not send.
 */
public final class ModelRepository implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(ModelRepository.class.getName());

    private final Path folder;
    private final ModelLoader loader;
    private final ModelCatalog models;
    private final Duration interval;
    /** The state of the files at the last look. */
    private Map<ModelName, Found> seen = Map.of();
    /** The state of the files that were loaded, or could not be. */
    private final Map<ModelName, Found> done = new HashMap<>();

    /** The models that are served from elsewhere. */
    private Set<ModelName> others = Set.of();

    private @Nullable Thread thread;

    /** A model folder with the sizes and times of its files. */
    private record Found(Path path, Map<String, Stamp> files) {}

    private record Stamp(long bytes, FileTime written) {}

    /** @param interval the time between two looks */
    public ModelRepository(Path folder, ModelLoader loader, ModelCatalog models, Duration interval) {
        this.folder = folder;
        this.loader = loader;
        this.models = models;
        this.interval = interval;
    }

    /**
     * Loads all models, and begins to watch the folder.
     *
     * @throws IOException if the folder cannot be read, or a model cannot be loaded or is served already; the message
     *     names it
     */
    public void start() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString(), null, "no such folder");
        }
        others = models.names();
        seen = scan();
        for (Map.Entry<ModelName, Found> each : seen.entrySet()) {
            if (others.contains(each.getKey())) {
                throw new IOException(each.getValue().path() + ": another model is served as " + each.getKey());
            }
            models.put(loader.loadFirst(each.getKey(), each.getValue().path()));
            done.put(each.getKey(), each.getValue());
        }
        thread = Thread.ofPlatform().name("resnet4j-models").daemon().start(this::watch);
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(interval);
                look();
            }
        } catch (InterruptedException end) {
            LOGGER.log(System.Logger.Level.DEBUG, "the folder of models is watched no longer", end);
        }
    }

    /** Looks at the folder, and loads and removes models accordingly. */
    void look() {
        Map<ModelName, Found> now;
        try {
            now = scan();
        } catch (IOException | RuntimeException unreadable) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    folder + " cannot be read, its models stay as they are: " + unreadable,
                    unreadable);
            return;
        }
        for (Map.Entry<ModelName, Found> each : now.entrySet()) {
            boolean isSettled = each.getValue().equals(seen.get(each.getKey()));
            if (isSettled && !each.getValue().equals(done.get(each.getKey()))) {
                load(each.getKey(), each.getValue());
            }
        }
        for (ModelName gone : List.copyOf(done.keySet())) {
            if (!now.containsKey(gone) && !seen.containsKey(gone)) {
                done.remove(gone);
                if (!others.contains(gone) && models.remove(gone)) {
                    LOGGER.log(System.Logger.Level.INFO, "{0} is removed", gone);
                }
            }
        }
        seen = now;
    }

    private void load(ModelName name, Found found) {
        done.put(name, found);
        if (others.contains(name)) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "{0} is not loaded: another model is served as {1}",
                    found.path(),
                    name);
            return;
        }
        try {
            models.put(loader.load(name, found.path()));
            LOGGER.log(System.Logger.Level.INFO, "{0} is loaded", name);
        } catch (IOException | RuntimeException | OutOfMemoryError failure) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    name + " cannot be loaded, the one before goes on answering if there is one: "
                            + failure.getMessage(),
                    failure);
        }
    }

    private Map<ModelName, Found> scan() throws IOException {
        var found = new TreeMap<ModelName, Found>();
        for (Path model : folders(folder)) {
            String name = model.getFileName().toString();
            if (ModelFolder.isModel(model)) {
                found.put(new ModelName(name, ModelName.FIRST), found(model));
                continue;
            }
            for (Path version : folders(model)) {
                if (ModelFolder.isModel(version)) {
                    found.put(new ModelName(name, version.getFileName().toString()), found(version));
                }
            }
        }
        return found;
    }

    /** Returns the folders in a folder whose names can be those of models or versions. */
    private static List<Path> folders(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isDirectory)
                    .filter(path -> ModelName.isAllowed(path.getFileName().toString()))
                    .sorted()
                    .toList();
        }
    }

    private static Found found(Path model) throws IOException {
        var stamps = new TreeMap<String, Stamp>();
        try (Stream<Path> files = Files.list(model)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                stamps.put(file.getFileName().toString(), new Stamp(Files.size(file), Files.getLastModifiedTime(file)));
            }
        }
        return new Found(model, stamps);
    }

    /** Ends watching. The models stay. */
    @Override
    public void close() {
        Thread watching = thread;
        if (watching == null) {
            return;
        }
        watching.interrupt();
        boolean interrupted = false;
        while (watching.isAlive()) {
            try {
                watching.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
