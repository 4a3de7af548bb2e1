/** The models that a server holds, by name and version. */
@NullMarked
package org.resnet4j.server.model;

import org.jspecify.annotations.NullMarked;
