/** From a request to its reply: pictures and tensors become batches, and predictions become outputs. */
@NullMarked
package org.resnet4j.server.infer;

import org.jspecify.annotations.NullMarked;
