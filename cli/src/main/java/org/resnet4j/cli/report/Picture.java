package org.resnet4j.cli.report;

import java.util.Base64;

/**
 * A picture on a page.
 *
 * @param caption the caption below the picture
 * @param description the alternative text
 * @param png the PNG file
 * @param pixelated true to show pixels as squares when enlarged
 */
public record Picture(String caption, String description, byte[] png, boolean pixelated) {
    /** Returns the file as a data URL. */
    String source() {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
    }
}
