package org.resnet4j.benchmarks.libtorch;

import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The equivalent of {@code torch.autocast("cpu", dtype=torch.bfloat16, cache_enabled=False)} for this thread, while
 * open. Convolutions and products use bfloat16 copies of their inputs; weights and gradients stay float32.
 *
 * <p>The cache, which keeps the copy of a weight for a second use and must be cleared after each step, is disabled:
 * these networks use each weight once.
 */
final class Autocast implements AutoCloseable {
    private final boolean enabledBefore = torch.is_autocast_enabled(DeviceType.CPU);
    private final boolean cacheBefore = torch.is_autocast_cache_enabled();
    private final ScalarType typeBefore =
            torch.get_autocast_dtype(DeviceType.CPU).intern();

    /**
     * Enters autocast.
     *
     * @param enabled false for no effect
     */
    Autocast(boolean enabled) {
        if (enabled) {
            torch.set_autocast_dtype(DeviceType.CPU, ScalarType.BFloat16);
            torch.set_autocast_cache_enabled(false);
            torch.set_autocast_enabled(DeviceType.CPU, true);
        }
    }

    @Override
    public void close() {
        torch.set_autocast_enabled(DeviceType.CPU, enabledBefore);
        torch.set_autocast_cache_enabled(cacheBefore);
        torch.set_autocast_dtype(DeviceType.CPU, typeBefore);
    }
}
