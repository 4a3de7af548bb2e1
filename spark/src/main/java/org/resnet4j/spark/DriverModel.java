package org.resnet4j.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.weights.MalformedFileException;

/** A model folder that the driver has read and checked, and its broadcast. */
final class DriverModel {
    private final String location;
    private final List<Stamp> stamps;
    private final ModelBytes bytes;
    private @Nullable SparkContext context;
    private @Nullable Broadcast<ModelBytes> broadcast;

    /** Attributes of a file that change when it is written to. */
    private record Stamp(Path file, long bytes, long modified) {
        static Stamp of(FileStatus status) {
            return new Stamp(status.getPath(), status.getLen(), status.getModificationTime());
        }
    }

    private DriverModel(String location, List<Stamp> stamps, ModelBytes bytes) {
        this.location = location;
        this.stamps = stamps;
        this.bytes = bytes;
    }

    /**
     * Reads a model, or returns the known one if it is the same.
     *
     * @param model the URI or path of a model folder
     * @param known the model that was read last
     * @throws IllegalArgumentException if it is not a model folder, or cannot be read; the message names it and the
     *     reason, and the cause is an {@link IOException}
     */
    static DriverModel read(String model, Configuration hadoop, @Nullable DriverModel known) {
        try {
            Path folder = new Path(model);
            FileSystem files = folder.getFileSystem(hadoop);
            if (folder.toUri().getScheme() == null && !files.exists(folder)) {
                files = FileSystem.getLocal(hadoop);
            }
            List<Stamp> stamps = stamps(files, folder);
            if (known != null && known.location.equals(model) && known.stamps.equals(stamps)) {
                return known;
            }
            ModelBytes bytes = ModelBytes.read(files, folder);
            bytes.open().close(); // checks the files
            return new DriverModel(model, stamps, bytes);
        } catch (MalformedFileException malformed) {
            throw new IllegalArgumentException("the model " + model + ": " + malformed.getMessage(), malformed);
        } catch (IOException failure) {
            throw new IllegalArgumentException(
                    "the model " + model + " cannot be read: " + failure.getMessage(), failure);
        }
    }

    private static List<Stamp> stamps(FileSystem files, Path folder) throws IOException {
        var stamps = new ArrayList<Stamp>();
        for (String name : List.of(ModelFolder.CONFIG, ModelFolder.WEIGHTS)) {
            Path file = new Path(folder, name);
            try {
                stamps.add(Stamp.of(files.getFileStatus(file)));
            } catch (FileNotFoundException missing) {
                var failure = new FileNotFoundException(
                        files.exists(folder)
                                ? "it has no " + name + "; a model folder holds " + ModelFolder.CONFIG + " and "
                                        + ModelFolder.WEIGHTS
                                : "there is no such folder");
                failure.initCause(missing);
                throw failure;
            }
        }
        return stamps;
    }

    /** Returns the broadcast of the model, which exists once for each context. */
    synchronized Broadcast<ModelBytes> broadcast(SparkContext wanted) {
        Broadcast<ModelBytes> known = broadcast;
        if (known == null || !wanted.equals(context) || !known.isValid()) {
            known = JavaSparkContext.fromSparkContext(wanted).broadcast(bytes);
            broadcast = known;
            context = wanted;
        }
        return known;
    }
}
