/** The command {@code quantize}. */
@NullMarked
package org.resnet4j.cli.quantize;

import org.jspecify.annotations.NullMarked;
