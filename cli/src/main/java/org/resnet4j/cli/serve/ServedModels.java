package org.resnet4j.cli.serve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.resnet4j.cli.model.ModelLocation;
import org.resnet4j.cli.model.ModelName;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.Precision;
import org.resnet4j.hub.Hub;
import org.resnet4j.server.ModelServer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The models of a server: the parameters that name them, and their options. */
final class ServedModels {
    private static final String VERSION = "1";

    /** A model with the name to serve it under. A path with such a beginning is written as {@code ./a=b}. */
    private static final Pattern NAMED = Pattern.compile("([A-Za-z0-9_.-]+)=(.+)");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Parameters(
            arity = "0..*",
            paramLabel = "MODEL",
            description = "A model folder written by train or quantize, a model of the Hugging Face Hub"
                    + " (hub:OWNER/NAME), or a weight file. The model is served under the name of its folder,"
                    + " repository or file; NAME=MODEL gives it another name.")
    private List<String> models = List.of();

    @Option(
            names = "--models",
            paramLabel = "DIR",
            description =
                    "A folder of models, DIR/NAME or DIR/NAME/VERSION, which is watched: models that appear, change"
                            + " or disappear are loaded, exchanged or removed.")
    private @Nullable Path folder;

    @Option(
            names = "--precision",
            paramLabel = "float32|bf16",
            description = "Number format, as for predict. Quantized models have their own (default: ${DEFAULT-VALUE}).")
    private Precision precision = Precision.FLOAT32;

    @Option(
            names = "--warm-up",
            description =
                    "Be ready only when the JVM has compiled the fastest algorithms, some seconds later. By default,"
                            + " the first answers come sooner, and those of the first seconds are slower.")
    private boolean isWarm;

    /** Finds the models. Those of the hub are downloaded unless they are cached. */
    void addTo(ModelServer.Builder server, Console console) throws CommandFailure, IOException {
        if (models.isEmpty() && folder == null) {
            throw new ParameterException(command.commandLine(), "serve needs a MODEL or --models DIR");
        }
        for (String model : models) {
            try {
                add(server, model, console);
            } catch (IllegalArgumentException name) {
                throw new ParameterException(command.commandLine(), String.valueOf(name.getMessage()), name);
            }
        }
        if (folder != null) {
            server.models(folder);
        }
        if (!isWarm) {
            server.startQuickly();
        }
        if (precision == Precision.BF16) {
            server.bfloat16();
        }
    }

    private static void add(ModelServer.Builder server, String typed, Console console)
            throws CommandFailure, IOException {
        Matcher named = NAMED.matcher(typed);
        String model = named.matches() ? named.group(2) : typed;
        Path path = ModelLocation.find(model, console).path();
        if (named.matches()) {
            server.model(named.group(1), VERSION, path);
        } else if (Hub.isName(model)) {
            server.model(ModelName.of(model, model).file(), VERSION, path);
        } else {
            server.model(path);
        }
    }
}
