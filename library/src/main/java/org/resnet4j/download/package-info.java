/**
 * Downloads that resume after a broken connection, are verified, and appear atomically.
 * {@link org.resnet4j.download.DownloadProgress} observes them, {@link org.resnet4j.download.Retries} says how long they
 * try.
 */
@NullMarked
package org.resnet4j.download;

import org.jspecify.annotations.NullMarked;
