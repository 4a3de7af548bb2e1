/** Training and prediction with libtorch through JavaCPP; compiled only with the Maven profile {@code peers}. */
@NullMarked
package org.resnet4j.benchmarks.libtorch;

import org.jspecify.annotations.NullMarked;
