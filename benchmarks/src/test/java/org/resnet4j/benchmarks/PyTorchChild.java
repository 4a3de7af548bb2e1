package org.resnet4j.benchmarks;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.StateDict;
import org.resnet4j.weights.torch.TorchFile;

/** A stand-in for PyTorch's server of predictions, with a simulated clock. It computes from the file that it is given. */
final class PyTorchChild {
    private static final long CALL_NANOSECONDS = 400_000_000;

    private final String failsAt;
    private final Path log;
    private float[] logits = {};

    private PyTorchChild(String failsAt, Path log) {
        this.failsAt = failsAt;
        this.log = log;
    }

    /** Takes the part that fails, and the file that receives the name of the file with weights and images. */
    public static void main(String[] arguments) throws IOException {
        var child = new PyTorchChild(arguments[0], Path.of(arguments[1]));
        var in = new DataInputStream(System.in);
        var out = new DataOutputStream(new BufferedOutputStream(System.out));
        Workload workload = Workload.named("resnet20");
        for (int high = in.read(); high >= 0; high = in.read()) {
            char command = (char) (high << 8 | in.readUnsignedByte());
            if (command == PeerServer.PREPARE) {
                workload = Workload.named(in.readUTF()).withBatch(in.readInt());
            }
            child.answer(command, workload, in, out);
            out.flush();
        }
    }

    private void answer(char command, Workload workload, DataInputStream in, DataOutputStream out) throws IOException {
        switch (command) {
            case PeerServer.DESCRIBE -> {
                out.writeBoolean(true);
                out.writeUTF("2.13.0");
            }
            case PeerServer.PREPARE -> {
                in.readInt();
                out.writeBoolean(true);
            }
            case PeerServer.LOAD -> {
                Path file = Path.of(in.readUTF());
                Files.writeString(log, file.toString());
                logits = logits(workload, TorchFile.read(file));
                out.writeBoolean(!failsAt.equals("load"));
                if (failsAt.equals("load")) {
                    out.writeUTF("no such file");
                }
            }
            case PeerServer.TIME -> {
                if (failsAt.equals("time")) {
                    System.exit(1);
                }
                out.writeBoolean(true);
                out.writeLong(in.readInt() * CALL_NANOSECONDS);
                out.writeLong(0);
            }
            case PeerServer.RESULT -> {
                out.writeBoolean(true);
                out.writeInt(logits.length);
                for (float logit : logits) {
                    out.writeFloat(failsAt.equals("result") ? 1.1f * logit : logit);
                }
            }
            case PeerServer.MEMORY -> {
                out.writeBoolean(true);
                out.writeLong(0);
                out.writeLong(1 << 20);
            }
            default -> throw new IllegalArgumentException("unknown command " + command);
        }
    }

    private static float[] logits(Workload workload, StateDict tensors) {
        ResNet network = ResNet.undrawn(workload.spec());
        List<String> others = ResNetState.load(network, tensors).unused();
        if (!others.equals(List.of(Prediction.IMAGES))) {
            throw new IllegalArgumentException("a file with " + others);
        }
        Tensor images = tensors.tensors().get(Prediction.IMAGES);
        return new Prediction(workload, network, images, () -> {
                    throw new AssertionError("not in int8");
                })
                .logitsByLayers();
    }
}
