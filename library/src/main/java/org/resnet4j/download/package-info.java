/** Downloads that resume after a broken connection, are verified, and appear atomically. */
@NullMarked
package org.resnet4j.download;

import org.jspecify.annotations.NullMarked;
