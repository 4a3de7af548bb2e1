/** A server of models over HTTP: {@link org.resnet4j.server.ModelServer}. */
@NullMarked
package org.resnet4j.server;

import org.jspecify.annotations.NullMarked;
