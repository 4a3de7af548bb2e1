/** The register tiles of products on the Vector API. */
@NullMarked
package org.resnet4j.kernel.vector.product;

import org.jspecify.annotations.NullMarked;
