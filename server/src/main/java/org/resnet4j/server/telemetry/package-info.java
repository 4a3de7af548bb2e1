/** What an operator sees of a server: metrics, and a log of requests. The only package that knows the metrics library. */
@NullMarked
package org.resnet4j.server.telemetry;

import org.jspecify.annotations.NullMarked;
