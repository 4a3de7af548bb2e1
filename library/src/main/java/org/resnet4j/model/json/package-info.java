/** JSON files with limits. */
@NullMarked
package org.resnet4j.model.json;

import org.jspecify.annotations.NullMarked;
