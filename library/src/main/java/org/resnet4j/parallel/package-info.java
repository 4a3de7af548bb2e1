/**
 * The pool of compute threads. Work is cut into pieces that depend on the problem alone, never on the number of
 * threads, so that every result has the same bits for any value of {@code --threads}.
 */
@NullMarked
package org.resnet4j.parallel;

import org.jspecify.annotations.NullMarked;
