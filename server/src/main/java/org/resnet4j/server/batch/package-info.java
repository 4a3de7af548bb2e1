/** Dynamic batching: the images of many requests are computed together. */
@NullMarked
package org.resnet4j.server.batch;

import org.jspecify.annotations.NullMarked;
