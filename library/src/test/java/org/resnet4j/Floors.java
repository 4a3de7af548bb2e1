package org.resnet4j;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The floors of the library. The front door, the package without a name here, may use all. */
final class Floors {
    private Floors() {}

    /** Returns the packages so far whose names begin with {@code start}. */
    private static Set<String> named(Map<String, Set<String>> floors, String start) {
        return floors.keySet().stream().filter(name -> name.startsWith(start)).collect(Collectors.toSet());
    }

    /** Returns the packages, ground floor first; of each, the packages below that it may use. */
    static Map<String, Set<String>> all() {
        var floors = new LinkedHashMap<String, Set<String>>();
        floors.put("parallel", Set.of());
        floors.put("kernel", Set.of("parallel"));
        floors.put("kernel.converted", Set.of("kernel", "parallel"));
        floors.put("kernel.plain", Set.of("kernel", "kernel.converted", "parallel"));
        floors.put("kernel.product", Set.of("kernel", "parallel"));
        floors.put("kernel.pairs", Set.of("kernel", "kernel.product", "parallel"));
        floors.put("kernel.vector.product", Set.of("kernel", "kernel.product", "parallel"));
        floors.put("kernel.vector.winograd", Set.of("kernel", "kernel.product", "kernel.vector.product", "parallel"));
        floors.put(
                "kernel.vector",
                Set.of(
                        "kernel",
                        "kernel.converted",
                        "kernel.plain",
                        "kernel.product",
                        "kernel.vector.product",
                        "kernel.vector.winograd",
                        "parallel"));
        floors.put("machine", Set.of());
        floors.put("machine.x64", Set.of("machine"));
        floors.put("kernel.machine", Set.of("kernel", "kernel.product", "machine", "machine.x64", "parallel"));
        floors.put(
                "kernel.lookup",
                Set.of("kernel", "kernel.machine", "kernel.pairs", "kernel.plain", "kernel.product", "kernel.vector"));
        floors.put("tensor", Set.of());
        floors.put("compute", Set.of("kernel", "kernel.lookup", "parallel", "tensor"));
        floors.put("image.sample", Set.of("kernel"));
        floors.put("image.filter", Set.of("image.sample", "kernel", "kernel.lookup"));
        floors.put("image", Set.of("image.filter", "image.sample"));
        floors.put("image.codec", Set.of("image", "image.sample"));
        floors.put("image.codec.bmp", Set.of("image", "image.codec"));
        floors.put("image.codec.gif", Set.of("image", "image.codec"));
        floors.put("image.codec.jdk", Set.of("image", "image.codec"));
        floors.put(
                "image.codec.jpeg",
                Set.of("image", "image.codec", "image.codec.jdk", "image.sample", "kernel", "kernel.lookup"));
        floors.put("image.codec.png", Set.of("image", "image.codec", "image.codec.jdk", "image.sample"));
        floors.put("image.codec.tiff", Set.of("image", "image.codec", "image.codec.jpeg", "image.sample"));
        floors.put("image.codec.webp", Set.of("image", "image.codec", "image.sample"));
        floors.put("image.file", named(floors, "image"));
        floors.put("support", Set.of());
        floors.put("dataset", Set.of("image", "image.file", "support"));
        floors.put("dataset.augment", Set.of("dataset", "image", "image.file", "support"));
        floors.put(
                "dataset.loader",
                Set.of("dataset", "dataset.augment", "image", "image.codec", "image.file", "support", "tensor"));
        floors.put("download", Set.of());
        floors.put("download.http", Set.of("download"));
        floors.put("dataset.folder", Set.of("dataset"));
        floors.put(
                "dataset.source",
                Set.of(
                        "dataset",
                        "dataset.folder",
                        "download",
                        "download.http",
                        "image",
                        "image.file",
                        "support",
                        "weights",
                        "weights.torch.pickle",
                        "weights.torch.zip"));
        floors.put("dataset.survey", Set.of("dataset"));
        floors.put("evaluation", Set.of("support"));
        floors.put("layer", Set.of("compute", "kernel", "parallel", "tensor"));
        floors.put("resnet", Set.of("compute", "kernel", "layer", "parallel", "support", "tensor"));
        floors.put("graph", Set.of("kernel", "layer", "resnet", "tensor"));
        floors.put("inference.engine", Set.of("graph", "tensor"));
        floors.put(
                "inference.step",
                Set.of("compute", "graph", "inference.engine", "kernel", "layer", "parallel", "tensor"));
        floors.put(
                "inference.float32",
                Set.of("compute", "graph", "inference.engine", "inference.step", "kernel", "parallel", "tensor"));
        floors.put(
                "inference.padded",
                Set.of("compute", "graph", "inference.engine", "inference.step", "kernel", "parallel", "tensor"));
        floors.put(
                "inference.bfloat16",
                Set.of(
                        "compute",
                        "graph",
                        "inference.engine",
                        "inference.padded",
                        "inference.step",
                        "kernel",
                        "layer",
                        "parallel",
                        "tensor"));
        floors.put(
                "inference.int8",
                Set.of(
                        "compute",
                        "graph",
                        "inference.engine",
                        "inference.float32",
                        "inference.padded",
                        "inference.step",
                        "kernel",
                        "layer",
                        "parallel",
                        "tensor"));
        floors.put(
                "inference",
                Set.of(
                        "kernel.lookup",
                        "inference.bfloat16",
                        "inference.int8",
                        "compute",
                        "graph",
                        "inference.engine",
                        "inference.float32",
                        "inference.step",
                        "kernel",
                        "layer",
                        "parallel",
                        "resnet",
                        "tensor"));
        floors.put("file", Set.of());
        floors.put("weights", Set.of("tensor"));
        floors.put("model.json", Set.of("weights"));
        floors.put("model.labels", Set.of("file", "model.json", "resnet", "weights"));
        floors.put("model.config", Set.of("file", "image", "model.json", "model.labels", "resnet", "weights"));
        floors.put("weights.element", Set.of());
        floors.put("onnx.proto", Set.of("file", "tensor", "weights.element"));
        floors.put("onnx.read", Set.of("onnx.proto", "tensor", "weights", "weights.element"));
        floors.put(
                "onnx",
                Set.of(
                        "graph",
                        "image",
                        "inference.int8",
                        "kernel",
                        "layer",
                        "onnx.proto",
                        "onnx.read",
                        "resnet",
                        "tensor",
                        "weights",
                        "weights.element"));
        floors.put("resnet.state", Set.of("layer", "resnet", "tensor", "weights"));
        floors.put("weights.safetensors", Set.of("file", "tensor", "weights", "weights.element"));
        floors.put("weights.torch.zip", Set.of("support", "tensor", "weights"));
        floors.put(
                "weights.torch.pickle", Set.of("support", "tensor", "weights", "weights.element", "weights.torch.zip"));
        floors.put(
                "weights.torch",
                Set.of(
                        "file",
                        "support",
                        "tensor",
                        "weights",
                        "weights.element",
                        "weights.torch.pickle",
                        "weights.torch.zip"));
        floors.put(
                "model.quantized",
                Set.of(
                        "file",
                        "graph",
                        "inference.int8",
                        "layer",
                        "model.config",
                        "resnet",
                        "resnet.state",
                        "tensor",
                        "weights",
                        "weights.safetensors"));
        floors.put(
                "model",
                Set.of(
                        "inference.int8",
                        "model.quantized",
                        "file",
                        "image",
                        "model.config",
                        "model.json",
                        "model.labels",
                        "onnx",
                        "resnet",
                        "resnet.state",
                        "tensor",
                        "weights",
                        "weights.safetensors",
                        "weights.torch"));
        floors.put("training", Set.of("evaluation", "support", "tensor"));
        floors.put(
                "training.session",
                Set.of(
                        "compute",
                        "dataset.loader",
                        "evaluation",
                        "kernel",
                        "layer",
                        "parallel",
                        "support",
                        "tensor",
                        "training",
                        "training.shard",
                        "weights"));
        floors.put("training.shard", Set.of("tensor"));
        floors.put(
                "training.loop",
                Set.of(
                        "compute",
                        "dataset.loader",
                        "evaluation",
                        "layer",
                        "support",
                        "tensor",
                        "training",
                        "training.session",
                        "weights",
                        "weights.safetensors"));
        floors.put(
                "transfer",
                Set.of(
                        "compute",
                        "dataset",
                        "dataset.loader",
                        "image",
                        "inference",
                        "layer",
                        "model",
                        "resnet",
                        "support",
                        "tensor",
                        "training.loop"));
        floors.put(
                "run",
                Set.of(
                        "dataset",
                        "dataset.loader",
                        "graph",
                        "image",
                        "layer",
                        "model.config",
                        "resnet",
                        "tensor",
                        "training",
                        "training.loop",
                        "training.session",
                        "transfer"));
        floors.put("training.log", Set.of("file", "training", "weights"));
        floors.put("hub", Set.of("download", "download.http", "file"));
        floors.put(
                "insight",
                Set.of(
                        "compute",
                        "dataset",
                        "dataset.loader",
                        "graph",
                        "image",
                        "kernel",
                        "layer",
                        "resnet",
                        "tensor",
                        "training",
                        "training.session"));
        floors.put(
                "quantization",
                Set.of(
                        "compute",
                        "dataset",
                        "dataset.loader",
                        "graph",
                        "image",
                        "image.file",
                        "inference",
                        "inference.int8",
                        "kernel",
                        "kernel.lookup",
                        "model",
                        "model.config",
                        "model.quantized",
                        "resnet",
                        "tensor",
                        "weights"));
        return floors;
    }
}
