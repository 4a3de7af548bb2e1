package org.resnet4j.benchmarks.libtorch;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.resnet4j.benchmarks.Peer;
import org.resnet4j.benchmarks.Workload;

/** libtorch in float32, tensors and weights in its channels-last format, which is its fastest on processors. */
public final class LibtorchPeer implements Peer {
    @Override
    public String name() {
        return "libtorch";
    }

    @Override
    public String describe() {
        try (var _ = new PointerScope()) {
            return torch.class.getPackage().getImplementationVersion() + ", "
                    + torch.get_cpu_capability().getString() + ", "
                    + (torch.hasMKLDNN() ? torch.get_mkldnn_version().getString() : "without oneDNN")
                    + ", float32, channels last";
        }
    }

    @Override
    public Session prepare(Workload workload, int threads) {
        torch.set_num_threads(threads);
        torch.manual_seed(1);
        return new LibtorchSession(workload, threads);
    }
}
