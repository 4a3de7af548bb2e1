package org.resnet4j.kernel.product;

/**
 * The register tiles of a machine.
 *
 * @param lanes the floats of a vector
 * @param manyRegisters true if tiles may use 32 vector registers, false for 16
 * @param product multiplies rows with panels as wide as a tile
 */
public record Tiling(int lanes, boolean manyRegisters, PanelProduct product) {
    /** Returns tiles that use 16 registers at most. */
    public Tiling withFewRegisters() {
        return new Tiling(lanes, false, product);
    }
}
