/**
 * A server of models over HTTP and gRPC, {@link org.resnet4j.server.ModelServer}:
 *
 * {@snippet class="org.resnet4j.server.snippets.FirstServer" region="serve"}
 */
@NullMarked
package org.resnet4j.server;

import org.jspecify.annotations.NullMarked;
