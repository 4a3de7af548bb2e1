package org.resnet4j.cli.shell;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;

/**
 * Keeps two runs from writing to one output folder: each would replace the files of the other. The operating system holds the
 * lock and releases it when the process ends, however it ends.
 */
public final class OutputLock implements AutoCloseable {
    private final FileChannel channel;

    private OutputLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Locks the folder. Where its file system knows no locks, the run goes on without, and says so.
     *
     * @throws CommandFailure if another run has it
     * @throws IOException if the lock file cannot be written
     */
    static OutputLock take(OutputFolder folder, Console console) throws CommandFailure, IOException {
        FileChannel channel = FileChannel.open(folder.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw isTaken(folder);
            }
        } catch (OverlappingFileLockException sameProcess) {
            channel.close();
            throw isTaken(folder);
        } catch (IOException noLocks) {
            console.note(folder.path() + " cannot be locked (" + noLocks.getMessage()
                    + "): see to it that no other run writes to it");
        }
        return new OutputLock(channel);
    }

    private static CommandFailure isTaken(OutputFolder folder) {
        return CommandFailure.failed(
                "--output: another run is writing to " + folder.path() + "; wait for its end or name another folder");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
