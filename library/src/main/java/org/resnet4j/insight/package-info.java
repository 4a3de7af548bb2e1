/** Looks inside a network: what it is made of, what it looks at, and how gradients reach its first layers. */
@NullMarked
package org.resnet4j.insight;

import org.jspecify.annotations.NullMarked;
