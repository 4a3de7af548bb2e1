package org.resnet4j.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.resnet4j.file.AtomicFile;

/**
 * One repository in the cache, in the layout of Python's huggingface_hub: {@code blobs/ETAG} has the contents,
 * {@code snapshots/COMMIT/FILE} links to them, {@code refs/REVISION} holds the commit of a branch or tag,
 * {@code .no_exist/COMMIT/FILE} marks a file that a commit lacks.
 *
 * @param root the cache
 * @param folder the repository's folder in the cache
 * @param links true if snapshots are links, false if they are copies
 * @see <a href="https://huggingface.co/docs/huggingface_hub/guides/manage-cache">the layout</a>
 */
record HubCache(Path root, Path folder, boolean links) {
    private static final int LONGEST_REFERENCE = 100;

    /** The tag file that backup tools recognize, see <a href="https://bford.info/cachedir/">the convention</a>. */
    private static final String CACHE_TAG = """
        Signature: 8a477f597d28d172789f06886806bc55
        # This folder is a cache of the Hugging Face Hub: backups can leave it out.
        """;

    static HubCache of(HubSettings settings, RepositoryName name) {
        return new HubCache(settings.cache(), settings.cache().resolve(name.folder()), settings.links());
    }

    Path blob(String etag) {
        return folder.resolve("blobs").resolve(etag);
    }

    /**
     * Returns the file of a partially downloaded blob. It is not {@code ETAG.incomplete}: some versions of
     * huggingface_hub append to that under a lock that Java cannot take.
     */
    Path incomplete(String etag) {
        return folder.resolve("blobs").resolve(etag + ".resnet4j.incomplete");
    }

    /** Returns the path of a file of a commit, which may not exist. */
    Path snapshot(String commit, String file) {
        return folder.resolve("snapshots").resolve(commit).resolve(file);
    }

    boolean has(String commit, String file) {
        return Files.isRegularFile(snapshot(commit, file));
    }

    /** Returns true if a commit is known to lack a file. */
    boolean lacks(String commit, String file) {
        return Files.exists(missing(commit, file));
    }

    private Path missing(String commit, String file) {
        return folder.resolve(".no_exist").resolve(commit).resolve(file);
    }

    /** Records that a commit lacks a file. */
    void markMissing(String commit, String file) throws IOException {
        Path mark = missing(commit, file);
        if (!Files.exists(mark)) {
            write(mark, "");
        }
    }

    /** Returns the commit of a revision when the hub was last asked; null if it never was. */
    @Nullable
    String commit(String revision) throws IOException {
        if (RepositoryName.isCommit(revision)) {
            return revision;
        }
        Path reference = reference(revision);
        if (!Files.isRegularFile(reference) || Files.size(reference) > LONGEST_REFERENCE) {
            return null;
        }
        String commit = new String(Files.readAllBytes(reference), StandardCharsets.ISO_8859_1).strip();
        return RepositoryName.isCommit(commit) ? commit : null;
    }

    private Path reference(String revision) {
        return folder.resolve("refs").resolve(revision);
    }

    /** Records the commit of a revision; writes nothing if it is already recorded. */
    void refer(String revision, String commit) throws IOException {
        if (!commit.equals(commit(revision))) {
            write(reference(revision), commit);
        }
    }

    /** Creates the folder for contents and marks the cache. */
    void prepare() throws IOException {
        Files.createDirectories(folder.resolve("blobs"));
        Path tag = root.resolve("CACHEDIR.TAG");
        if (!Files.exists(tag)) {
            write(tag, CACHE_TAG);
        }
    }

    private static void write(Path file, String text) throws IOException {
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        AtomicFile.write(file, text);
    }

    /** Links a file of a commit to a blob, by a relative link or, where links are not possible, as a copy. */
    void link(String etag, String commit, String file) throws IOException {
        Path blob = blob(etag);
        Path pointer = snapshot(commit, file);
        Path parent = pointer.getParent();
        if (parent == null) {
            throw new IOException(pointer + ": is not in a folder");
        }
        Files.createDirectories(parent);
        Path temporary = parent.resolve("." + pointer.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            if (!linked(temporary, parent.relativize(blob))) {
                copy(blob, temporary);
            }
            Files.move(temporary, pointer, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private boolean linked(Path link, Path target) throws IOException {
        if (!links) {
            return false;
        }
        try {
            Files.createSymbolicLink(link, target);
            return true;
        } catch (UnsupportedOperationException | FileSystemException notHere) {
            return false; // Windows restricts links to administrators and developers; some file systems lack them
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to);
        try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
