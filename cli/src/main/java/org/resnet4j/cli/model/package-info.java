/** Lookup of the models, networks and weights that a command names, and {@code convert}. */
@NullMarked
package org.resnet4j.cli.model;

import org.jspecify.annotations.NullMarked;
