package org.resnet4j.image.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.image.Image;

/** Rare kinds of pictures, each with Pillow's pixels. */
class PictureCornersTest {
    static Stream<Fixtures.Corner> corners() throws IOException {
        return Fixtures.corners().stream();
    }

    @ParameterizedTest
    @MethodSource("corners")
    void pixelsEqualThoseOfPillow(Fixtures.Corner corner) throws IOException {
        Image actual = ImageDecoder.decode(corner.file(), corner.name());
        assertEquals(0, Fixtures.difference(corner.expected(), actual));
    }
}
