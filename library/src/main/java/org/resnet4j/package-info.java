/**
 * The front door: {@link org.resnet4j.model.ModelFolder} saves and loads a trained network with all that is needed to use it.
 */
@NullMarked
package org.resnet4j;

import org.jspecify.annotations.NullMarked;
