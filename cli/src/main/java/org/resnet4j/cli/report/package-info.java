/** Pages that a person reads in a browser: one file each, with everything in it, so that it opens without a network. */
@NullMarked
package org.resnet4j.cli.report;

import org.jspecify.annotations.NullMarked;
