/** The state that the transports of a server share: what may still come in, and how much. */
@NullMarked
package org.resnet4j.server.front;

import org.jspecify.annotations.NullMarked;
