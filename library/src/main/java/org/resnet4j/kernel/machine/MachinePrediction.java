package org.resnet4j.kernel.machine;

import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PackedConvolution;
import org.resnet4j.kernel.PredictionKernel;
import org.resnet4j.kernel.product.DirectConvolution;
import org.resnet4j.kernel.product.PanelProduct;
import org.resnet4j.kernel.product.Panels;
import org.resnet4j.kernel.product.Tiling;

/** Direct convolution in machine code. It needs neither the Vector API nor a JIT compiler. */
final class MachinePrediction implements PredictionKernel {
    private final Tiling tiling;

    MachinePrediction(PanelProduct product) {
        tiling = new Tiling(ProductCalls.LANES, true, product);
    }

    @Override
    public PackedConvolution pack(ConvolutionShape s, float[] w, float[] bias, Activation activation) {
        return DirectConvolution.of(s, w, bias, activation, panels(s));
    }

    private Panels panels(ConvolutionShape s) {
        return Panels.of(s.outChannels() / s.groups(), tiling);
    }

    @Override
    public long packedBytes(ConvolutionShape s) {
        return DirectConvolution.bytes(s, panels(s));
    }

    @Override
    public PackedConvolution packDirect(ConvolutionShape s, float[] w, float[] bias, Activation activation) {
        return pack(s, w, bias, activation);
    }

    @Override
    public boolean isFastAtOnce() {
        return true;
    }
}
