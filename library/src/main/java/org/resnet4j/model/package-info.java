/**
 * Models as files: {@link org.resnet4j.model.ModelFolder} saves and loads a network with everything needed to use it;
 * {@link org.resnet4j.model.WeightFiles} reads weights of every supported format.
 */
@NullMarked
package org.resnet4j.model;

import org.jspecify.annotations.NullMarked;
