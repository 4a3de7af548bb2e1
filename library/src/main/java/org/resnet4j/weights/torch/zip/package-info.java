/** Zip archives with random access to their entries. */
@NullMarked
package org.resnet4j.weights.torch.zip;

import org.jspecify.annotations.NullMarked;
