package org.resnet4j.dataset.source;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.dataset.folder.ClassFolders;
import org.resnet4j.image.Image;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.image.file.Picture;

/**
 * Pictures that are read and decoded on request. Closing this dataset does not close the files.
 *
 * @param passedOver pictures beside these that cannot be read
 * @param part the part of the source that these are; empty for the whole source
 */
record PictureDataset(
        PictureFiles files,
        List<String> classes,
        List<ClassFolders.Picture> pictures,
        SkippedSamples passedOver,
        Optional<String> part)
        implements Dataset {
    @Override
    public int size() {
        return pictures.size();
    }

    @Override
    public int label(int index) {
        return pictures.get(index).label();
    }

    @Override
    public Image image(int index) throws IOException {
        String path = pictures.get(index).path();
        return ImageDecoder.decode(files.read(path), path);
    }

    @Override
    public Picture picture(int index) throws IOException {
        String path = pictures.get(index).path();
        return ImageDecoder.open(files.read(path), path);
    }

    @Override
    public String origin(int index) {
        return pictures.get(index).path();
    }

    @Override
    public byte[] content(int index) throws IOException {
        return files.read(pictures.get(index).path());
    }

    @Override
    public long contentCode(int index) {
        return files.contentCode(pictures.get(index).path());
    }
}
