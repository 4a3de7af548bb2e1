package org.resnet4j.spark.source;

import java.util.List;
import java.util.Set;

/**
 * The pictures of a folder or zip file.
 *
 * @param source the folder or zip file as the user named it
 * @param reader reader of the pictures
 * @param pictures the pictures, sorted by path
 * @param folders all folders below the top, including those without pictures
 */
record PictureListing(String source, PictureReader reader, List<ListedPicture> pictures, Set<String> folders) {
    /** Returns the paths of the pictures. */
    List<String> paths() {
        return pictures.stream().map(ListedPicture::path).toList();
    }
}
