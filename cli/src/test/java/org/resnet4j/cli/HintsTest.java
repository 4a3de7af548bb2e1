package org.resnet4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;

/** Tests of the hints that follow an error: the command or file that the user may have meant. */
class HintsTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path data;

    @BeforeEach
    void writeFiles() throws IOException {
        model = folder.resolve("pets");
        ResNet network = ResNet.create(ResNets.named("resnet8").withClasses(3).withImages(8, 3), 3);
        var transform = EvaluationTransform.ofCropPct(8, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
        ModelFolder.save(model, new Model(network, List.of("dark", "light", "striped"), transform));
        data = Cli.pictures(folder.resolve("photos"), 4, 0);
    }

    /** Runs a line in which D is the folder; words are separated by single spaces. */
    private Cli run(String line) {
        return Cli.run((Object[]) line.replace("D/", folder + "/").split(" "));
    }

    private void assertHint(String line, int code, String hint) {
        Cli cli = run(line);
        assertEquals(code, cli.code(), cli.err());
        String expected = hint.replace("D/", folder + "/");
        assertEquals(
                1,
                cli.err().lines().map(String::strip).filter(expected::equals).count(),
                expected + "\n not once in\n" + cli.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "predict D/pets D/my photo 1.png|3|  resnet4j predict D/pets 'D/my photo 1.png'",
                "predict D/my pets D/photos/dark/0.png|3|  resnet4j predict 'D/my pets' D/photos/dark/0.png",
                "inspect explain D/pets D/my photo 1.png|2|  resnet4j inspect explain D/pets 'D/my photo 1.png'",
                "evaluate D/pets --data D/my photos|2|  resnet4j evaluate D/pets --data 'D/my photos'",
                "train --data=D/my photos --epochs 1|2|  resnet4j train '--data=D/my photos' --epochs 1",
                "predict D/pets D/cat -1.png|2|  resnet4j predict D/pets 'D/cat -1.png'",
                "info D/my pets|2|  resnet4j info 'D/my pets'"
            })
    void nameWithSpacesAndWithoutQuotesIsOfferedInQuotes(String line, int code, String hint) throws IOException {
        Path picture = data.resolve("dark/0.png");
        Files.copy(picture, folder.resolve("my photo 1.png"));
        Files.copy(picture, folder.resolve("cat -1.png"));
        Files.createDirectory(folder.resolve("my photos"));
        Files.createDirectory(folder.resolve("my pets"));

        assertHint(line, code, hint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "predict D/pets D/photos/dark/00.png|3|did you mean D/photos/dark/0.png?",
                "predict D/pets D/photos/Dark/0.png|3|did you mean D/photos/dark/0.png?",
                "predict D/pets D/potos/darkk/0.PNG|3|did you mean D/photos/dark/0.png?",
                "predict D/pet D/photos/dark/0.png|3|did you mean D/pets?",
                "evaluate D/pets --data D/Photos|3|did you mean D/photos?",
                "evaluate D/pets --data fashion-mnits|3|did you mean fashion-mnist?",
                "evaluate D/pets --data D/photos --labels D/photo|3|did you mean D/photos?",
                "info D/pest|3|did you mean D/pets?",
                "convert D/pests D/out.onnx|3|did you mean D/pets?",
                "train --data D/phtos|3|did you mean D/photos?",
                "train --data D/photos --weights D/pest|3|did you mean D/pets?",
                "train --data D/photos --labels-csv D/photos.cvs|3|did you mean D/photos.csv?",
                "train --data D/photos --validation D/photo|3|did you mean D/photos?",
                "inspect data D/photosx|3|did you mean D/photos?",
                "inspect errors D/pets --data D/photosx|3|did you mean D/photos?",
                "inspect explain D/pets D/photos/dark/00.png|3|did you mean D/photos/dark/0.png?",
                "inspect draw D/petss|3|did you mean D/pets?"
            })
    void misspelledNameLeadsToTheFilesThatResembleIt(String line, int code, String hint) throws IOException {
        if (line.contains(".cvs")) {
            Files.writeString(folder.resolve("photos.csv"), "file,label\n");
        }
        assertHint(line, code, hint);
    }

    @Test
    void missingFileWithoutNeighborsGetsNoHint() {
        Cli cli = run("predict D/pets D/zebra.jpg");

        assertEquals(3, cli.code());
        assertFalse(cli.err().contains("did you mean"), cli.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "predict D/photos/dark/0.png D/pets|3|  resnet4j predict D/pets D/photos/dark/0.png",
                "predict D/photos/dark D/pets --top 1|3|  resnet4j predict D/pets D/photos/dark --top 1",
                "inspect explain D/photos/dark/0.png D/pets|3|  resnet4j inspect explain D/pets D/photos/dark/0.png",
                "predict D/photos/dark/0.png D/pets/model.safetensors|3|  resnet4j predict D/pets/model.safetensors"
                        + " D/photos/dark/0.png",
                "quantize D/photos D/int8 --data D/pets|3|  resnet4j quantize D/pets D/int8 --data D/photos",
                "quantize D/. D/int8 --data D/pets|3|  resnet4j quantize D/pets D/int8 --data D/."
            })
    void picturesBeforeTheModelAreOfferedInTheRightOrder(String line, int code, String hint) {
        assertHint(line, code, hint);
    }

    @Test
    void outputBeforeTheModelIsOfferedInTheRightOrder() {
        assertHint("quantize D/int8 D/pets --data D/photos", 3, "resnet4j quantize D/pets D/int8 --data D/photos");
        Cli same = run("quantize D/pets D/pets --data D/photos");
        assertEquals(3, same.code());
        assertFalse(same.err().contains("comes before"), same.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train --data D/photos/dark|3|its parent D/photos has 3 class folders; did you mean --data D/photos?",
                "train --data=D/photos/dark|3|its parent D/photos has 3 class folders; did you mean --data=D/photos?",
                "inspect data D/photos/dark|3|its parent D/photos has 3 class folders; did you mean D/photos?",
                "evaluate D/pets --data D/photos/dark/|3|its parent D/photos has 3 class folders; did you mean --data"
                        + " D/photos?"
            })
    void classFolderLeadsToTheFolderOfAllClasses(String line, int code, String hint) {
        assertHint(line, code, hint);
    }

    @Test
    void folderInThePlaceOfAPictureLeadsToOneOfItsPictures() {
        Cli cli = Cli.run("inspect", "explain", model, data);

        assertEquals(3, cli.code(), cli.err());
        assertTrue(
                cli.err().contains(data + " is a folder; explain takes one picture, such as " + data + "/dark/0.png"),
                cli.err());
    }

    @Test
    void existingPageIsKeptAndTheMessageSaysHowToGoOn() throws IOException {
        Path page = Files.writeString(folder.resolve("page.html"), "mine");

        for (Object[] line : new Object[][] {
            {"inspect", "errors", model, "--data", data, "-o", page},
            {"inspect", "explain", model, data.resolve("dark/0.png"), "-o", page},
            {"inspect", "gradients", "resnet8", "-o", page}
        }) {
            Cli cli = Cli.run(line);
            assertEquals(3, cli.code(), cli.err());
            String advice = page + " exists; --overwrite replaces it, --output FILE writes to another file";
            assertTrue(cli.err().contains(advice), cli.err());
        }
        assertEquals("mine", Files.readString(page));
    }

    @Test
    void evaluationWithoutDataOffersTheDataOfTheTraining() {
        Path trained = folder.resolve("trained");
        Cli train = Cli.run(
                "train", "--data", data, "--model", "resnet8", "--epochs", 1, "--output", trained, "--threads", 1);
        assertEquals(0, train.code(), train.err());

        Cli cli = Cli.run("evaluate", trained);
        assertEquals(2, cli.code());
        assertTrue(cli.err().contains("evaluate needs --data SOURCE"), cli.err());
        assertTrue(cli.err().contains("\n  resnet4j evaluate " + trained + " --data " + data + "\n"), cli.err());
        assertFalse(Cli.run("evaluate", model).err().contains("was trained on"), "the data is not known");
        Cli quantize = Cli.run("quantize", trained, folder.resolve("int8"));
        assertEquals(2, quantize.code());
        assertTrue(quantize.err().contains("; to quantize it with the same source:\n"), quantize.err());
    }
}
