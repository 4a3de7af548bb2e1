/** {@code predict} and {@code evaluate}. */
@NullMarked
package org.resnet4j.cli.predict;

import org.jspecify.annotations.NullMarked;
