package org.resnet4j.cli.shell;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.resnet4j.resnet.ResNets;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The message for an argument that a command does not know, with a suggestion. */
final class Unmatched {
    /** Names of options in other programs, each with the names here; a command has at most one of them. */
    private static final Map<String, List<String>> ELSEWHERE = Map.ofEntries(
            Map.entry("--lr", List.of("--learning-rate")),
            Map.entry("-b", List.of("--batch-size")),
            Map.entry("--bs", List.of("--batch-size")),
            Map.entry("-e", List.of("--epochs")),
            Map.entry("-n", List.of("--epochs", "--top")),
            Map.entry("-d", List.of("--data")),
            Map.entry("--dataset", List.of("--data")),
            Map.entry("--data-dir", List.of("--data")),
            Map.entry("--data-path", List.of("--data")),
            Map.entry("--train-dir", List.of("--data")),
            Map.entry("--val", List.of("--validation")),
            Map.entry("--val-dir", List.of("--validation")),
            Map.entry("--test", List.of("--validation")),
            Map.entry("-m", List.of("--model")),
            Map.entry("-a", List.of("--model")),
            Map.entry("--arch", List.of("--model")),
            Map.entry("--network", List.of("--model")),
            Map.entry("--pretrained", List.of("--weights", "--model")),
            Map.entry("--checkpoint", List.of("--weights")),
            Map.entry("--ckpt", List.of("--weights")),
            Map.entry("-o", List.of("--output")),
            Map.entry("--out", List.of("--output")),
            Map.entry("--output-dir", List.of("--output")),
            Map.entry("--save-dir", List.of("--output")),
            Map.entry("-j", List.of("--threads")),
            Map.entry("--workers", List.of("--threads")),
            Map.entry("--num-workers", List.of("--threads")),
            Map.entry("-k", List.of("--top")),
            Map.entry("--topk", List.of("--top")),
            Map.entry("--wd", List.of("--weight-decay")),
            Map.entry("--opt", List.of("--optimizer")),
            Map.entry("--sched", List.of("--schedule")),
            Map.entry("--scheduler", List.of("--schedule")),
            Map.entry("--lr-scheduler", List.of("--schedule")),
            Map.entry("--smoothing", List.of("--label-smoothing")),
            Map.entry("--clip-grad", List.of("--clip-norm")),
            Map.entry("--grad-clip", List.of("--clip-norm")),
            Map.entry("--patience", List.of("--early-stopping")),
            Map.entry("--size", List.of("--image-size")),
            Map.entry("--img-size", List.of("--image-size")),
            Map.entry("--imgsz", List.of("--image-size")),
            Map.entry("--resolution", List.of("--image-size")),
            Map.entry("--force", List.of("--overwrite")),
            Map.entry("-f", List.of("--overwrite")));

    private Unmatched() {}

    /** Returns the message for the first unknown argument. */
    static String message(UnmatchedArgumentException problem) {
        CommandSpec command = problem.getCommandLine().getCommandSpec();
        String word = problem.getUnmatched().getFirst();
        if (word.startsWith("-")) {
            String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
            return "unknown option " + name + Nearest.question(options(command, name));
        }
        if (command.subcommands().isEmpty()) {
            return "unexpected argument " + word + Nearest.question(asValue(command, word));
        }
        return unknownCommand(command, word);
    }

    /** Returns the option that a word without one is probably the value of, with the word. */
    private static List<String> asValue(CommandSpec command, String word) {
        if (command.findOption("--model") != null && ResNets.find(word).isPresent()) {
            return List.of("--model " + word);
        }
        boolean isData = command.findOption("--data") != null && new File(word).exists();
        return isData ? List.of("--data " + Program.quoted(word)) : List.of();
    }

    /** Returns the message for a word that is not one of the subcommands. */
    static String unknownCommand(CommandSpec command, String word) {
        var known = new ArrayList<>(command.subcommands().keySet());
        return "unknown command " + word
                + Nearest.suggestion(word, known)
                + (Nearest.of(word, known).isEmpty() ? "; the commands are " + String.join(", ", known) : "");
    }

    private static List<String> options(CommandSpec command, String name) {
        List<String> translated = ELSEWHERE.getOrDefault(name, List.of()).stream()
                .filter(option -> command.findOption(option) != null)
                .limit(1)
                .toList();
        if (!translated.isEmpty()) {
            return translated;
        }
        List<String> known = command.options().stream()
                .filter(option -> !option.hidden())
                .flatMap(option -> Stream.of(option.names()))
                .filter(option -> option.startsWith("--"))
                .toList();
        return Nearest.of(name, known);
    }
}
