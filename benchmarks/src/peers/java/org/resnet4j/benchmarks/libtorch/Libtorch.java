package org.resnet4j.benchmarks.libtorch;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/** Helpers shared by training and prediction. */
final class Libtorch {
    private Libtorch() {}

    static String describe(MemoryFormat format, String arithmetic) {
        try (var _ = new PointerScope()) {
            return torch.class.getPackage().getImplementationVersion() + ", "
                    + torch.get_cpu_capability().getString() + ", "
                    + (torch.hasMKLDNN() ? torch.get_mkldnn_version().getString() : "without oneDNN") + ", "
                    + arithmetic + ", "
                    + (format == MemoryFormat.ChannelsLast ? "channels last" : "channels first");
        }
    }

    /** Creates a tensor that owns its values. */
    static Tensor copy(float[] values, long... extents) {
        return torch.from_blob(new FloatPointer(values), extents).clone();
    }

    /** Returns the values of a tensor, in the order of its axes. */
    static float[] values(Tensor tensor) {
        Tensor contiguous = tensor.contiguous();
        float[] values = new float[(int) contiguous.numel()];
        new FloatPointer(contiguous.data_ptr()).get(values);
        return values;
    }
}
