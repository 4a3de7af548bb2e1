package org.resnet4j.spark;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.image.file.PngEncoder;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;

/** A small model, and pictures. */
final class Samples {
    static final List<String> LABELS = List.of("ant", "bee", "cow");
    static final StructType SCHEMA =
            new StructType().add("path", DataTypes.StringType).add("content", DataTypes.BinaryType);

    private static final Path PICTURES = Path.of("..", "library", "src", "test", "resources", "image", "files");

    private Samples() {}

    /** Saves a model with random weights. */
    static Path model(Path folder, int seed) throws IOException {
        var network = ResNet.create(ResNets.named("resnet8").withClasses(LABELS.size()), seed);
        var transform = EvaluationTransform.ofCropPct(24, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
        ModelFolder.save(folder, new Model(network, LABELS, transform));
        return folder;
    }

    /** Returns a picture file of random pixels. */
    static byte[] png(int seed) {
        var samples = new byte[30 * 20 * 3];
        new Random(seed).nextBytes(samples);
        return PngEncoder.encode(new Image(30, 20, 3, samples));
    }

    /** Returns a PNG file whose header, but not its data, is that of a square picture of this size. */
    static byte[] enlarged(byte[] png, int size) {
        byte[] bytes = png.clone();
        var header = ByteBuffer.wrap(bytes).putInt(16, size).putInt(20, size);
        var checksum = new CRC32();
        checksum.update(bytes, 12, 17);
        header.putInt(29, (int) checksum.getValue());
        return bytes;
    }

    /** Returns a JPEG file of random pixels, large enough to be decoded at a reduced size. */
    static byte[] jpeg() throws IOException {
        var image = new BufferedImage(300, 200, BufferedImage.TYPE_INT_RGB);
        var random = new Random(1);
        for (int i = 0; i < 300 * 200; i++) {
            image.setRGB(i % 300, i / 300, random.nextInt(1 << 24));
        }
        var file = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", file);
        return file.toByteArray();
    }

    /** Returns one of the library's test pictures. */
    static byte[] picture(String name) throws IOException {
        return Files.readAllBytes(PICTURES.resolve(name));
    }

    /** Returns rows with the paths {@code 0.png}, {@code 1.png} and so on. */
    static List<Row> rows(int count) {
        var rows = new ArrayList<Row>();
        for (int i = 0; i < count; i++) {
            rows.add(RowFactory.create(i + ".png", png(i)));
        }
        return rows;
    }

    static Dataset<Row> dataset(SparkSession spark, List<Row> rows, int partitions) {
        return spark.createDataFrame(rows, SCHEMA).repartition(partitions);
    }
}
