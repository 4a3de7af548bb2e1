/**
 * Machine code that a program writes at run time: executable memory, and calls into it. Processors have sub-packages,
 * which write the code.
 */
@NullMarked
package org.resnet4j.machine;

import org.jspecify.annotations.NullMarked;
