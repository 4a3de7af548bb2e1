/** The file {@code config.json} of a model folder: its network and image preprocessing, in timm's form. */
@NullMarked
package org.resnet4j.model.config;

import org.jspecify.annotations.NullMarked;
