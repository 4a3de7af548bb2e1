package org.resnet4j.cli.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.cli.Cli;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;

/** Prediction of a folder in which half of the pictures are cut in the middle. */
class CutPicturesTest {
    private static final int CUT = 8;

    @TempDir
    private Path folder;

    private Path model;
    private Path data;
    private final List<Path> whole = new ArrayList<>();
    private final List<Path> cut = new ArrayList<>();

    @BeforeEach
    void writeModelAndPictures() throws IOException {
        model = folder.resolve("model");
        ResNet network = ResNet.create(ResNets.named("resnet20").withClasses(2).withImages(16, 3), 3);
        var transform = EvaluationTransform.ofCropPct(16, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
        ModelFolder.save(model, new Model(network, List.of("ant", "bee"), transform));
        data = folder.resolve("data");
        var random = new Random(1);
        for (String name : List.of("ant", "bee")) {
            Path of = Files.createDirectories(data.resolve(name));
            for (int i = 0; i < CUT / 2; i++) {
                var image = new BufferedImage(200, 150, BufferedImage.TYPE_INT_RGB);
                for (int at = 0; at < 200 * 150; at++) {
                    image.setRGB(at % 200, at / 200, random.nextInt(1 << 24));
                }
                String format = List.of("jpg", "png", "bmp", "gif").get(i);
                Path file = of.resolve("whole." + format);
                ImageIO.write(image, format, file.toFile());
                whole.add(file);
                byte[] bytes = Files.readAllBytes(file);
                cut.add(Files.write(of.resolve("cut." + format), Arrays.copyOf(bytes, bytes.length / 2)));
            }
        }
    }

    private static String reason(Path file) {
        return assertThrows(UnreadableImageException.class, () -> ImageDecoder.decode(file))
                .reason();
    }

    @ParameterizedTest
    @ValueSource(strings = {"exact", "scaled"})
    void predictHasResultsOfTheWholePicturesAloneAndEndsWith3(String decode) {
        Cli cli = Cli.run("predict", model, data, "--recursive", "--json", "--decode", decode);

        assertEquals(3, cli.code(), cli.err());
        List<String> predicted = ((List<?>) cli.json().get("predictions"))
                .stream()
                        .map(entry -> String.valueOf(((Map<?, ?>) entry).get("file")))
                        .sorted()
                        .toList();
        assertEquals(whole.stream().map(Path::toString).sorted().toList(), predicted);
        for (Path file : cut) {
            String line = cli.err()
                    .lines()
                    .filter(one -> one.contains(file.toString()))
                    .findFirst()
                    .orElse("");
            assertTrue(line.contains(reason(file)), file + ": " + cli.err());
        }
    }
}
