/** {@code serve}: models behind HTTP until the process is ended. */
@NullMarked
package org.resnet4j.cli.serve;

import org.jspecify.annotations.NullMarked;
