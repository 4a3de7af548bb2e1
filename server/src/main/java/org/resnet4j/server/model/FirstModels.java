package org.resnet4j.server.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** The models of a server's start, which another thread loads while the server prepares to listen. */
public final class FirstModels {
    private final CompletableFuture<Void> loaded = new CompletableFuture<>();

    /**
     * Begins to load.
     *
     * @param catalog receives each model as soon as it is loaded
     */
    public FirstModels(Executor executor, ModelLoader loader, Map<ModelName, Path> models, ModelCatalog catalog) {
        executor.execute(() -> {
            try {
                for (Map.Entry<ModelName, Path> each : models.entrySet()) {
                    catalog.put(loader.loadFirst(each.getKey(), each.getValue()));
                }
                loaded.complete(null);
            } catch (IOException | RuntimeException | Error failure) {
                loaded.completeExceptionally(failure);
            }
        });
    }

    /**
     * Waits until all models are loaded.
     *
     * @throws IOException as {@link ModelLoader#load}
     */
    public void await() throws IOException {
        try {
            loaded.join();
        } catch (CompletionException failure) {
            switch (failure.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw failure;
            }
        }
    }

    /** Waits until all models are loaded, or one has failed. */
    public void awaitEnd() {
        loaded.exceptionally(_ -> null).join();
    }
}
