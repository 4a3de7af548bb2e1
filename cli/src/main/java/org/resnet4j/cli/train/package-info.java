/** {@code train}: its options, its reports and the run. */
@NullMarked
package org.resnet4j.cli.train;

import org.jspecify.annotations.NullMarked;
