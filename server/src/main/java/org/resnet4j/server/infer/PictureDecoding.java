package org.resnet4j.server.infer;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.image.file.Picture;
import org.resnet4j.image.file.UnreadableImageException;

/** Decoding of pictures, as many at a time as there are processors, whatever the number of requests. */
public final class PictureDecoding {
    private final Semaphore permits;
    private final long maxPixels;

    /**
     * @param parallel the number of pictures that are decoded at a time
     * @param maxPixels the largest number of pixels of a picture
     */
    public PictureDecoding(int parallel, long maxPixels) {
        permits = new Semaphore(parallel, true);
        this.maxPixels = maxPixels;
    }

    /**
     * Decodes a picture and writes the input of a network.
     *
     * @param name the name of the picture in messages
     * @param deadline when to give up waiting for a processor, of {@link System#nanoTime}
     * @param input receives {@link EvaluationTransform#inputLength} floats from {@code offset}
     * @return the size of the picture
     * @throws PictureException if the content is not a picture, or has too many pixels
     * @throws TimeoutException if the deadline passed
     */
    PictureSize write(
            byte[] content, String name, EvaluationTransform transform, long deadline, float[] input, int offset)
            throws PictureException, TimeoutException, InterruptedException {
        if (!permits.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            throw new TimeoutException("the deadline passed before the picture was decoded");
        }
        try {
            Picture picture = ImageDecoder.open(content, name);
            long pixels = (long) picture.width() * picture.height();
            if (pixels > maxPixels) {
                throw new PictureException(
                        name + " has " + picture.width() + "x" + picture.height() + " pixels, more than " + maxPixels,
                        null);
            }
            Image prepared = picture.prepare(transform, false);
            transform.normalization().write(prepared, input, offset);
            return new PictureSize(picture.width(), picture.height());
        } catch (UnreadableImageException unreadable) {
            throw new PictureException(String.valueOf(unreadable.getMessage()), unreadable);
        } finally {
            permits.release();
        }
    }
}
