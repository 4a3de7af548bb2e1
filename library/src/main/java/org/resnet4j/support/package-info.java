/** Argument checks, seeded random numbers, and printable text. */
@NullMarked
package org.resnet4j.support;

import org.jspecify.annotations.NullMarked;
