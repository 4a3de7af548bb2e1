package org.resnet4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of the messages for arguments that the parser rejects. */
class UsageTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "train --epochs x|--epochs expects a whole number, but got 'x'",
                "train --epochs 1.5|--epochs expects a whole number, but got '1.5'",
                "train --learning-rate fast|--learning-rate expects a number, but got 'fast'",
                "train --epochs|--epochs needs a value: a whole number",
                "train --epochs --json|--epochs needs a value: a whole number",
                "train --data|--data needs a value: a folder, a zip file or the name of a dataset",
                "train --output|--output needs a value: the name of a folder",
                "train --schedule|--schedule needs a value: a schedule",
                "train --strict=maybe|--strict takes no value, but got 'maybe'",
                "evaluate pets --data x --data y|--data is given more than once",
                "train --epochs 1 --precision bf16 --epochs 1|--epochs is given more than once",
                "train --data x --overwrite --overwrite|--overwrite is given more than once",
                "experiment degradation --learning-rate 1 --epochs 2 --learning-rate 1|--learning-rate is given more"
                        + " than once",
                "train --data=|--data expects a folder, a zip file or the name of a dataset, but its value is empty",
                "train --epochs=|--epochs expects a whole number, but its value is empty",
                "train --output=|--output expects the name of a folder, but its value is empty",
                "evaluate pets --labels= --data x|--labels expects a file, but its value is empty",
                "experiment degradation --depths 20,x|--depths expects a whole number, but got 'x'",
                "predict|predict needs a MODEL and at least one IMAGE; for example: resnet4j predict pets cat.jpg",
                "predict pets|predict needs at least one IMAGE; for example: resnet4j predict pets cat.jpg",
                "evaluate pets|evaluate needs --data SOURCE; for example: resnet4j evaluate pets --data more-photos/",
                "convert pets|convert needs an OUTPUT; for example: resnet4j convert pets pets.onnx",
                "quantize pets|quantize needs an OUTPUT and --data SOURCE; for example: resnet4j quantize pets"
                        + " pets-int8",
                "info|info needs a MODEL or NAME; for example: resnet4j info resnet50",
                "inspect errors|inspect errors needs a MODEL and --data SOURCE; for example: resnet4j inspect errors",
                "inspect data|inspect data needs a SOURCE; for example: resnet4j inspect data photos/"
            })
    void rejectedArgumentIsExplainedInPlainWords(String line, String message) {
        Cli cli = Cli.run((Object[]) line.split(" "));

        assertEquals(2, cli.code(), cli.err());
        String answer = cli.err().replace("\nfor example", "; for example");
        assertTrue(answer.contains("resnet4j: " + message), answer);
        for (String parser : List.of("parameter", "Invalid value", "is not an int", "<")) {
            assertFalse(cli.err().contains(parser), cli.err());
        }
    }
}
