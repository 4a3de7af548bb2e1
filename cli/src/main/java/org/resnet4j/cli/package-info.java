/**
 * The {@code resnet4j} command: options, messages and exit codes. The library does the work.
 *
 * <p>Results go to standard output, progress and messages to standard error.
 */
@NullMarked
package org.resnet4j.cli;

import org.jspecify.annotations.NullMarked;
