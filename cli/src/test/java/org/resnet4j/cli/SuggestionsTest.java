package org.resnet4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.cli.model.NetworkNames;
import org.resnet4j.resnet.ResNets;

class SuggestionsTest {
    private static final int TERMINAL = 80;

    private static Cli run(String line) {
        return Cli.run((Object[]) line.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trian|unknown command trian; did you mean train?",
                "Train|did you mean train?",
                "eval pets|did you mean evaluate?",
                "inspect explane|did you mean explain?",
                "help trian|did you mean train?",
                "train --epoch 3|unknown option --epoch; did you mean --epochs?",
                "train --epoch=3|unknown option --epoch; did you mean --epochs?",
                "train --learnig-rate 3|did you mean --learning-rate?",
                "train --learning_rate 3|did you mean --learning-rate?",
                "train --lr 0.1|did you mean --learning-rate?",
                "train --batch 32|did you mean --batch-size?",
                "train -b 32|did you mean --batch-size?",
                "train -e 3|did you mean --epochs?",
                "train --ouptut x|did you mean --output?",
                "train --workers 3|did you mean --threads?",
                "train --pretrained|did you mean --weights?",
                "train resnet56|unexpected argument resnet56; did you mean --model resnet56?",
                "train src|unexpected argument src; did you mean --data src?",
                "evaluate pets --data x src/main|did you mean --data src/main?",
                "predict pets cat.jpg -k 3|did you mean --top?",
                "evaluate pets --data x --dat y|did you mean --data?",
                "info resnet50 --jsn|did you mean --json?"
            })
    void unknownWordLeadsToTheOneThatWasMeant(String line, String answer) {
        Cli cli = run(line);

        assertEquals(2, cli.code(), cli.err());
        assertTrue(cli.err().contains(answer), cli.err());
    }

    @Test
    void wordThatResemblesNothingGetsTheListOfCommands() {
        Cli cli = run("zzzzzz");

        assertTrue(cli.err().contains("unknown command zzzzzz; the commands are train, evaluate, predict"), cli.err());
        assertFalse(run("train --zzzzzz").err().contains("did you mean"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "info ResNet50|3|did you mean resnet50?",
                "info resnet-50|3|did you mean resnet50?",
                "inspect draw Resnet_18|3|did you mean resnet18?",
                "inspect gradients resnet-56|3|did you mean resnet56?",
                "train --model ResNet50|2|did you mean resnet50?",
                "train --model wide-resnet50-2|2|did you mean wide_resnet50_2?"
            })
    void unknownNetworkLeadsToItsName(String line, int code, String answer) {
        Cli cli = run(line);

        assertEquals(code, cli.code(), cli.err());
        assertTrue(cli.err().contains(answer), cli.err());
    }

    @Test
    void networksAreListedInGroupsThatFitTheTerminal() {
        Cli cli = run("info resnet-50");

        assertTrue(cli.err().contains("\n  for small images:\n"), cli.err());
        assertTrue(cli.err().contains("\n  without shortcuts:\n"), cli.err());
        assertTrue(cli.err().lines().skip(1).allMatch(line -> line.length() < TERMINAL), cli.err());
    }

    @Test
    void everyNetworkIsInOneGroup() {
        List<String> listed = NetworkNames.groups().stream()
                .filter(line -> line.startsWith("    "))
                .flatMap(line -> Arrays.stream(line.strip().split(" ")))
                .sorted()
                .collect(Collectors.toList());

        assertEquals(ResNets.names().stream().sorted().toList(), listed);
    }

    @ParameterizedTest
    @CsvSource({"predict resnet50 cat.jpg,resnet50", "evaluate ResNet18 --data x,resnet18", "predict plain20 x,resnet18"
    })
    void networkWithoutWeightsLeadsToTrainedOnes(String line, String trained) {
        Cli cli = run(line);

        assertEquals(3, cli.code(), cli.err());
        assertTrue(cli.err().contains("hub:timm/" + trained + ".a1_in1k"), cli.err());
    }

    @Test
    void helpOfACommandIsThatOfItsOption() {
        assertEquals(run("train --help").out(), run("help train").out());
        assertEquals(run("inspect draw --help").out(), run("help inspect draw").out());
        assertEquals(run("--help").out(), run("help").out());
        assertEquals(0, run("help train").code());
    }
}
