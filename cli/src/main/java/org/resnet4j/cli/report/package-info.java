/** HTML pages: each is one self-contained file that opens offline. */
@NullMarked
package org.resnet4j.cli.report;

import org.jspecify.annotations.NullMarked;
