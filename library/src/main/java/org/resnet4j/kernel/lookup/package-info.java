/** The lookup of kernels: the Vector API where its module is present, plain loops otherwise. */
@NullMarked
package org.resnet4j.kernel.lookup;

import org.jspecify.annotations.NullMarked;
