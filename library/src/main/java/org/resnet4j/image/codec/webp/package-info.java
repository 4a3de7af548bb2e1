/** The WebP format (RFC 9649): lossy (VP8, RFC 6386) and lossless (VP8L). */
@NullMarked
package org.resnet4j.image.codec.webp;

import org.jspecify.annotations.NullMarked;
