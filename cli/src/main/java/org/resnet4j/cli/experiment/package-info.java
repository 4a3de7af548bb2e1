/** {@code experiment}: several trainings, compared. */
@NullMarked
package org.resnet4j.cli.experiment;

import org.jspecify.annotations.NullMarked;
