package org.resnet4j.cli.report;

import java.util.Base64;

/**
 * A picture on a page.
 *
 * @param caption below it
 * @param description what is on it, for those who cannot see
 * @param png the file
 * @param pixelated whether its pixels are shown as squares where it is enlarged
 */
public record Picture(String caption, String description, byte[] png, boolean pixelated) {
    /** The file as a part of the page. */
    String source() {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
    }
}
