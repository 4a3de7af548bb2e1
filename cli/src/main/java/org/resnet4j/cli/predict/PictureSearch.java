package org.resnet4j.cli.predict;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.dataset.source.PictureFolder;
import picocli.CommandLine.Option;

/** The search for pictures in the folders among the arguments. */
final class PictureSearch {
    @Option(
            names = {"-r", "--recursive"},
            description = "Search the folders below a folder, too.")
    private boolean recursive;

    /**
     * Returns the given files, with folders replaced by the pictures in them.
     *
     * @param images files and folders
     * @param problems receives a problem for each folder without pictures
     */
    List<Path> files(List<Path> images, Consumer<CommandFailure> problems) throws IOException {
        var files = new ArrayList<Path>();
        for (Path image : images) {
            if (!Files.isDirectory(image)) {
                files.add(image);
                continue;
            }
            List<Path> pictures = recursive ? PictureFolder.listAll(image) : PictureFolder.list(image);
            if (pictures.isEmpty()) {
                boolean below = !recursive && !PictureFolder.listAll(image).isEmpty();
                problems.accept(CommandFailure.input(
                        image,
                        image + ": no picture (JPEG, PNG, BMP, GIF, WebP or TIFF) in this folder"
                                + (below ? "; there are some in the folders below (--recursive)" : "")));
            }
            files.addAll(pictures);
        }
        return files;
    }
}
