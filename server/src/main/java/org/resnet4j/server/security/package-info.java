/** Who may use a server, how often, and how their connections are encrypted. The transports share it. */
@NullMarked
package org.resnet4j.server.security;

import org.jspecify.annotations.NullMarked;
