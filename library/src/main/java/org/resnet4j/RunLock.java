package org.resnet4j;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * A lock on an output folder that keeps two runs from replacing each other's files. The operating system releases it
 * whenever the process ends.
 *
 * @since 0.1.0
 */
public final class RunLock implements AutoCloseable {
    private final RunFolder folder;
    private final FileChannel channel;

    private RunLock(RunFolder folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    static RunLock take(RunFolder folder, Consumer<String> remarks) throws IOException {
        FileChannel channel = FileChannel.open(folder.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw new FolderInUseException(folder.path());
            }
        } catch (OverlappingFileLockException sameProcess) {
            channel.close();
            throw new FolderInUseException(folder.path());
        } catch (FolderInUseException taken) {
            throw taken;
        } catch (IOException noLocks) {
            remarks.accept(folder.path() + " cannot be locked (" + noLocks.getMessage()
                    + "): make sure that no other run writes to it");
        }
        return new RunLock(folder, channel);
    }

    /** Returns the locked folder. */
    public RunFolder folder() {
        return folder;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
