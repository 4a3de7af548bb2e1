package org.resnet4j.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.bits.SmallNetworks;
import org.resnet4j.compute.Compute;
import org.resnet4j.inference.InferencePlan;
import org.resnet4j.inference.PlanOptions;
import org.resnet4j.insight.NetworkDrawing;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.layer.LayerSummary;
import org.resnet4j.onnx.OnnxFile;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ResidualBlock;
import org.resnet4j.tensor.Shape;

/**
 * ONNX files, drawings, descriptions and plan steps of many networks, compared with recorded digests. The property
 * {@code -Dresnet4j.readers=write} rewrites the record.
 */
class ReaderRecordTest {
    private static final boolean WRITE = "write".equals(System.getProperty("resnet4j.readers"));
    private static final int DIGEST_BYTES = 6;

    @TempDir
    private Path folder;

    @Test
    void everythingWrittenOfANetworkIsAsRecorded() throws IOException {
        var lines = new ArrayList<String>();
        try (var workers = new Workers(1)) {
            for (ResNetSpec spec : SmallNetworks.all()) {
                ResNet network = ResNet.create(spec, 5);
                lines.add("small " + spec.name() + " onnx=" + onnx(network) + " drawing=" + drawings(network)
                        + " description=" + description(network) + " plan=" + plan(network, 1, workers) + " batch="
                        + plan(network, 5, workers));
            }
        }
        for (String name : ResNets.names()) {
            ResNet network = ResNet.undrawn(ResNets.named(name));
            lines.add("catalogue " + name + " drawing=" + drawing(network) + " description=" + description(network));
        }
        if (WRITE) {
            Files.write(Path.of("src/test/resources/graph/readers.txt"), lines);
            return;
        }
        try (InputStream in = ReaderRecordTest.class.getResourceAsStream("/graph/readers.txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(text.strip(), String.join("\n", lines));
        }
    }

    private String onnx(ResNet network) throws IOException {
        Path file = folder.resolve("network.onnx");
        OnnxFile.write(file, network);
        return digest(Files.readAllBytes(file));
    }

    private static String drawing(ResNet network) {
        return digest(NetworkDrawing.ofNetwork(network, network.spec().imageSize()));
    }

    private static String drawings(ResNet network) {
        int size = network.spec().imageSize();
        return digest(network.blocks().stream()
                .map(ResidualBlock::name)
                .map(block -> NetworkDrawing.ofBlock(network, block, size))
                .collect(Collectors.joining("\n", NetworkDrawing.ofNetwork(network, size), "")));
    }

    private static String description(ResNet network) {
        ResNetSpec spec = network.spec();
        var lines = new ArrayList<LayerSummary>();
        network.describe(Shape.of(1, spec.imageSize(), spec.imageSize(), spec.inChannels()), lines::add);
        return digest(text(lines));
    }

    private static String plan(ResNet network, int batch, Workers workers) {
        PlanOptions options = PlanOptions.of(network.spec(), new Compute(KernelLookup.scalar(), workers));
        InferencePlan plan = InferencePlan.compile(network, options.withBatch(batch));
        return digest(text(plan.steps()) + "\n" + plan.weightBytes() + " " + plan.bufferBytes());
    }

    private static String text(List<?> lines) {
        return lines.stream().map(Object::toString).collect(Collectors.joining("\n"));
    }

    private static String digest(String text) {
        return digest(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String digest(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
