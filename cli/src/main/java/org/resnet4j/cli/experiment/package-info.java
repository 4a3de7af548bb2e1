/** {@code experiment}: comparisons of several training runs. */
@NullMarked
package org.resnet4j.cli.experiment;

import org.jspecify.annotations.NullMarked;
