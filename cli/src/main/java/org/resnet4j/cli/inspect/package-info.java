/** {@code info} and {@code inspect}: drawings, gradients, explanations, error analysis. */
@NullMarked
package org.resnet4j.cli.inspect;

import org.jspecify.annotations.NullMarked;
