/**
 * The requests and replies of the Open Inference Protocol, version 2, without a transport, and their JSON with the
 * extension for binary tensors.
 */
@NullMarked
package org.resnet4j.server.protocol;

import org.jspecify.annotations.NullMarked;
