package org.resnet4j.benchmarks;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.jspecify.annotations.Nullable;

/** A collection of drawn photographs, a function of its name and the number of pictures. */
enum PictureCollection {
    JPEG_500("jpeg-500", "jpg", 500, 375, 256),
    JPEG_4000("jpeg-4000", "jpg", 4000, 3000, 48),
    PROGRESSIVE_4000("progressive-4000", "jpg", 4000, 3000, 48),
    PNG_1000("png-1000", "png", 1000, 750, 64),
    /** Drawn as PNG and encoded by Pillow, since Java has no encoder. */
    WEBP_1000("webp-1000", "png", 1000, 750, 64);

    private static final float QUALITY = 0.85f;

    private final String title;
    private final String extension;
    private final int width;
    private final int height;
    private final int usualCount;

    PictureCollection(String title, String extension, int width, int height, int usualCount) {
        this.title = title;
        this.extension = extension;
        this.width = width;
        this.height = height;
        this.usualCount = usualCount;
    }

    static PictureCollection named(String name) {
        for (PictureCollection one : values()) {
            if (one.title.equals(name)) {
                return one;
            }
        }
        throw new IllegalArgumentException("no collection " + name);
    }

    String title() {
        return title;
    }

    /** Writes the pictures into a folder, {@code count} or the usual number if it is 0, and returns their files. */
    List<Path> write(Path folder, int count) throws IOException {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < (count == 0 ? usualCount : count); i++) {
            BufferedImage picture = DrawnPhotograph.draw(width, height, i + 1L);
            Path file = folder.resolve(String.format(java.util.Locale.ROOT, "%04d.%s", i, extension));
            encode(picture, file);
            files.add(file);
        }
        return files;
    }

    /**
     * Writes the pictures as a data set: a folder for each of two classes, between which they alternate.
     *
     * @param folder a folder that does not exist
     */
    void writeClasses(Path folder, int count) throws IOException {
        List<Path> files = write(Files.createDirectory(folder), count);
        List<Path> classes =
                List.of(Files.createDirectory(folder.resolve("even")), Files.createDirectory(folder.resolve("odd")));
        for (int i = 0; i < files.size(); i++) {
            Path file = files.get(i);
            Files.move(file, classes.get(i % 2).resolve(String.valueOf(file.getFileName())));
        }
    }

    private void encode(BufferedImage picture, Path file) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersBySuffix(extension).next();
        @Nullable ImageWriteParam parameters = extension.equals("jpg") ? writer.getDefaultWriteParam() : null;
        if (parameters != null) {
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(QUALITY);
            parameters.setProgressiveMode(
                    this == PROGRESSIVE_4000 ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
        }
        try (var out = ImageIO.createImageOutputStream(Files.newOutputStream(file))) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(picture, null, null), parameters);
        } finally {
            writer.dispose();
        }
    }
}
