/** The server's addresses: routes, status codes and headers. The only package that knows the HTTP library. */
@NullMarked
package org.resnet4j.server.http;

import org.jspecify.annotations.NullMarked;
