package org.resnet4j.kernel.vector.product;

/**
 * The cut of a batch of images into bands: some rows of one image, or some whole images, small enough that a band stays
 * in the second-level cache of one core. It depends on the shape alone, so that sums over bands have the same bits for every
 * number of threads; {@link #atLeast} is for those who do not sum.
 *
 * @param batch images
 * @param height rows of an image
 * @param bandsPerImage how many bands an image is cut into; 1 where a band holds whole images
 * @param count how many bands there are
 */
public record Bands(int batch, int height, int bandsPerImage, int count) {
    /** What a band may hold: 192 KB, so that it leaves room for the weights in 512 KB to 1 MB of cache. */
    private static final int FLOATS = 48 * 1024;

    /** Weights are read again for every band, so a band should be worth it. */
    private static final int FEWEST_PIXELS = 96;

    /**
     * @param rowFloats floats that one row of an image takes in the cache
     * @param rowPixels pixels of a row
     */
    static Bands of(int batch, int height, int rowFloats, int rowPixels) {
        int rows = Math.max(1, Math.max(FLOATS / rowFloats, Math.ceilDiv(FEWEST_PIXELS, rowPixels)));
        return ofRows(batch, height, rows);
    }

    /** @param rows how many rows a band should have at most, over all its images; at least one */
    static Bands ofRows(int batch, int height, int rows) {
        if (rows < height) {
            int perImage = Math.ceilDiv(height, rows);
            return new Bands(batch, height, perImage, batch * perImage);
        }
        int bands = Math.ceilDiv(batch, rows / height);
        if (bands % 2 == 1 && bands < batch) {
            bands++;
        }
        return new Bands(batch, height, 1, bands);
    }

    /** The same cut finer where there are fewer bands than that, down to single rows. */
    Bands atLeast(int fewest) {
        if (count >= fewest) {
            return this;
        }
        return ofRows(batch, height, Math.max(1, (int) ((long) batch * height / fewest)));
    }

    /** The first image of a band. */
    public int firstImage(int band) {
        return bandsPerImage > 1 ? band / bandsPerImage : (int) ((long) band * batch / count);
    }

    /** One past the last image of a band. */
    int endImage(int band) {
        return bandsPerImage > 1 ? band / bandsPerImage + 1 : (int) ((long) (band + 1) * batch / count);
    }

    /** The first row of a band, in each of its images. */
    public int firstRow(int band) {
        return band % bandsPerImage * height / bandsPerImage;
    }

    /** One past the last row of a band. */
    int endRow(int band) {
        return (band % bandsPerImage + 1) * height / bandsPerImage;
    }

    /** Rows of the largest band, over all its images. */
    int mostRows() {
        return bandsPerImage > 1 ? Math.ceilDiv(height, bandsPerImage) : Math.ceilDiv(batch, count) * height;
    }
}
