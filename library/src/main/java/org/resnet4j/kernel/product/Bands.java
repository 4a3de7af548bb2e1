package org.resnet4j.kernel.product;

/**
 * The division of a batch of images into bands: some rows of one image, or some whole images, small enough to stay in
 * the second-level cache of one core. It depends only on the shape, so that sums over bands have the same bits for any
 * number of threads; {@link #atLeast} is for callers that do not sum.
 *
 * @param batch the number of images
 * @param height the number of rows of an image
 * @param bandsPerImage the number of bands of an image; 1 if a band contains whole images
 * @param count the number of bands
 */
public record Bands(int batch, int height, int bandsPerImage, int count) {
    /** The maximum size of a band: 192 KB, which leaves room for the weights in a cache of 512 KB to 1 MB. */
    private static final int FLOATS = 48 * 1024;

    /** The minimum size of a band, because weights are read again for every band. */
    static final int FEWEST_PIXELS = 96;

    /** Returns the bands that fit the cache, of at least {@link #FEWEST_PIXELS}. */
    static Bands of(int batch, int height, int rowFloats, int rowPixels) {
        return of(batch, height, rowFloats, rowPixels, FEWEST_PIXELS);
    }

    /**
     * Returns the bands that fit the cache.
     *
     * @param rowFloats the floats of one image row in the cache
     * @param rowPixels the pixels of a row
     * @param fewestPixels the minimum size of a band
     */
    static Bands of(int batch, int height, int rowFloats, int rowPixels, int fewestPixels) {
        int rows = Math.max(1, Math.max(FLOATS / rowFloats, Math.ceilDiv(fewestPixels, rowPixels)));
        return ofRows(batch, height, rows);
    }

    /**
     * Returns bands of a limited number of rows.
     *
     * @param rows the maximum number of rows of a band, over all its images; at least one
     */
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

    /** Returns these bands, divided further if there are fewer than {@code fewest}, down to single rows. */
    Bands atLeast(int fewest) {
        if (count >= fewest) {
            return this;
        }
        return ofRows(batch, height, Math.max(1, (int) ((long) batch * height / fewest)));
    }

    /** Returns the first image of a band. */
    public int firstImage(int band) {
        return bandsPerImage > 1 ? band / bandsPerImage : (int) ((long) band * batch / count);
    }

    /** Returns the image after the last one of a band. */
    int endImage(int band) {
        return bandsPerImage > 1 ? band / bandsPerImage + 1 : (int) ((long) (band + 1) * batch / count);
    }

    /** Returns the first row of a band, in each of its images. */
    public int firstRow(int band) {
        return band % bandsPerImage * height / bandsPerImage;
    }

    /** Returns the row after the last one of a band. */
    int endRow(int band) {
        return (band % bandsPerImage + 1) * height / bandsPerImage;
    }

    /** Returns the number of rows of the largest band, over all its images. */
    int mostRows() {
        return bandsPerImage > 1 ? Math.ceilDiv(height, bandsPerImage) : Math.ceilDiv(batch, count) * height;
    }
}
