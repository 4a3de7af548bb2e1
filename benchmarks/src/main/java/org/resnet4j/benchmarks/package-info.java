/**
 * How fast the library is, beside the native runtimes in the same process. Never published, never decides a test.
 *
 * <p>{@link org.resnet4j.benchmarks.TrainingBenchmark} times whole training steps; the JMH classes time single kernels.
 */
@NullMarked
package org.resnet4j.benchmarks;

import org.jspecify.annotations.NullMarked;
