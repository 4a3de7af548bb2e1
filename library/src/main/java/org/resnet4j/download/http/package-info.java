/** Resumable downloads over HTTP. */
@NullMarked
package org.resnet4j.download.http;

import org.jspecify.annotations.NullMarked;
