package org.resnet4j.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.resnet4j.download.DownloadProgress;
import org.resnet4j.download.http.Answer;
import org.resnet4j.download.http.Download;
import org.resnet4j.download.http.Downloader;
import org.resnet4j.download.http.RefusedException;
import org.resnet4j.download.http.UnreachableException;
import org.resnet4j.hub.HubException.Reason;

/** One search for a model: the cache first, then the hub. */
final class ModelRequest {
    static final String CONFIG = "config.json";
    static final String SAFETENSORS = "model.safetensors";
    static final String PICKLE = "pytorch_model.bin";

    /** The preprocessing of models of transformers. */
    private static final String PREPARATION = "preprocessor_config.json";

    /** A key of the descriptions of transformers that those of timm do not have. */
    private static final String TRANSFORMERS_KEY = "\"model_type\"";

    private static final long MOST_CONFIG_BYTES = 16L << 20;

    /** The limit of huggingface_hub: the hub does not serve larger files over plain HTTP. */
    private static final long MOST_WEIGHT_BYTES = 50_000_000_000L;

    private final HubSettings settings;
    private final RepositoryName repository;
    private final DownloadProgress progress;
    private final HubCache cache;
    private final Downloader downloader;

    /** The commit of the revision; null until the hub has answered. */
    private @Nullable String commit;

    ModelRequest(HubSettings settings, RepositoryName repository, DownloadProgress progress) {
        this.settings = settings;
        this.repository = repository;
        this.progress = progress;
        this.cache = HubCache.of(settings, repository);
        this.downloader = new Downloader(progress, settings.retries(), settings.stall());
    }

    HubModel find() throws IOException {
        String known = cache.commit(repository.revision());
        if (known != null && RepositoryName.isCommit(repository.revision()) && isComplete(known)) {
            return cached(known); // a commit never changes
        }
        HubModel cached = known != null && isUsable(known) ? cached(known) : null;
        if (settings.offline()) {
            if (cached == null) {
                throw new HubException(
                        Reason.OFFLINE,
                        repository + ": not in the cache " + cache.folder()
                                + ", and HF_HUB_OFFLINE forbids a download");
            }
            return cached;
        }
        RemoteFile config;
        try {
            config = look(CONFIG, cached == null ? Integer.MAX_VALUE : 1);
        } catch (UnreachableException | HubException failure) {
            if (cached == null || isFinal(failure)) {
                throw failure instanceof UnreachableException unreachable ? explained(unreachable) : failure;
            }
            progress.note(
                    failure.getMessage() + "; using commit " + cached.commit().substring(0, 7) + " from the cache");
            return cached;
        }
        return download(config);
    }

    /** Returns true if the hub answered that the revision does not exist. */
    private static boolean isFinal(IOException failure) {
        return failure instanceof HubException refusal && refusal.reason() == Reason.REVISION;
    }

    private HubException explained(UnreachableException failure) {
        return new HubException(
                Reason.UNREACHABLE,
                repository + ": " + failure.getMessage() + ", and it is not in the cache " + cache.folder(),
                failure);
    }

    private HubModel download(@Nullable RemoteFile remoteConfig) throws IOException {
        Path config = remoteConfig == null ? null : fetch(CONFIG, remoteConfig, MOST_CONFIG_BYTES);
        if (config != null
                && Files.readString(config, StandardCharsets.ISO_8859_1).contains(TRANSFORMERS_KEY)) {
            optional(PREPARATION, MOST_CONFIG_BYTES);
        }
        Path weights = optional(SAFETENSORS, MOST_WEIGHT_BYTES);
        if (weights == null) {
            weights = optional(PICKLE, MOST_WEIGHT_BYTES);
        }
        String found = commit;
        if (weights == null || found == null) {
            throw new HubException(
                    Reason.FILE,
                    repository + ": the repository has neither " + SAFETENSORS + " nor " + PICKLE
                            + ", or it does not exist");
        }
        refer(found);
        return new HubModel(repository.id(), repository.revision(), found, config, weights);
    }

    /** Best effort, as in huggingface_hub: a complete cache may be read-only. */
    private void refer(String found) {
        if (!RepositoryName.isCommit(repository.revision())) {
            try {
                cache.refer(repository.revision(), found);
            } catch (IOException failure) {
                progress.note("the cache does not keep which commit " + repository + " is: " + failure.getMessage());
            }
        }
    }

    /** Returns the file of this name, downloaded if necessary; null if the repository does not have it. */
    private @Nullable Path optional(String file, long limit) throws IOException {
        String of = commit;
        if (of != null && cache.has(of, file)) {
            return cache.snapshot(of, file);
        }
        if (of != null && cache.lacks(of, file)) {
            return null;
        }
        RemoteFile remote;
        try {
            remote = look(file, Integer.MAX_VALUE);
        } catch (UnreachableException failure) {
            throw explained(failure);
        }
        return remote == null ? null : fetch(file, remote, limit);
    }

    /**
     * Asks the hub for a file of the commit, or of the revision if the commit is not known; null if it does not exist.
     */
    private @Nullable RemoteFile look(String file, int attempts) throws IOException {
        String known = commit;
        String at = known == null ? repository.revision() : known;
        URI address = URI.create(settings.endpoint() + repository.path(at, file));
        var question = new Download(address, authorization(), null, -1, 1);
        RemoteFile remote;
        try {
            remote = RemoteFile.of(downloader.look(question, attempts));
        } catch (RefusedException refused) {
            HubException explained = Refusals.explain(refused, repository, at, file, settings);
            if (explained.reason() != Reason.FILE) {
                throw explained;
            }
            noteMissing(refused.answer(), file);
            return null;
        }
        belongsTo(remote.commit());
        return remote;
    }

    private void noteMissing(Answer answer, String file) throws IOException {
        if (answer.header("X-Repo-Commit") != null) {
            String of = RemoteFile.commit(answer);
            belongsTo(of);
            cache.markMissing(of, file);
        }
    }

    private void belongsTo(String told) throws HubException {
        String expected = RepositoryName.isCommit(repository.revision()) ? repository.revision() : commit;
        if (expected != null && !expected.equals(told)) {
            throw new HubException(
                    Reason.ANSWER, repository + ": asked for commit " + expected + ", the hub answers for " + told);
        }
        commit = told;
    }

    private Path fetch(String file, RemoteFile remote, long limit) throws IOException {
        Path pointer = cache.snapshot(remote.commit(), file);
        if (Files.isRegularFile(pointer) && (remote.size() < 0 || Files.size(pointer) == remote.size())) {
            return pointer;
        }
        cache.prepare();
        try {
            downloader.download(
                    remote.download(authorization(), limit),
                    cache.blob(remote.etag()),
                    cache.incomplete(remote.etag()),
                    file);
        } catch (RefusedException refused) {
            throw Refusals.explain(refused, repository, remote.commit(), file, settings);
        }
        cache.link(remote.etag(), remote.commit(), file);
        return pointer;
    }

    private @Nullable String authorization() {
        return settings.token() == null ? null : "Bearer " + settings.token();
    }

    /** Returns true if the cache has all files of this commit. */
    private boolean isComplete(String of) {
        return (cache.has(of, CONFIG) || cache.lacks(of, CONFIG))
                && (cache.has(of, SAFETENSORS) || cache.lacks(of, SAFETENSORS) && cache.has(of, PICKLE));
    }

    /** Returns true if the cache has a model of this commit, possibly with the second choice of weights. */
    private boolean isUsable(String of) {
        return (cache.has(of, CONFIG) || cache.lacks(of, CONFIG))
                && (cache.has(of, SAFETENSORS) || cache.has(of, PICKLE));
    }

    private HubModel cached(String of) {
        String weights = cache.has(of, SAFETENSORS) ? SAFETENSORS : PICKLE;
        return new HubModel(
                repository.id(),
                repository.revision(),
                of,
                cache.has(of, CONFIG) ? cache.snapshot(of, CONFIG) : null,
                cache.snapshot(of, weights));
    }
}
