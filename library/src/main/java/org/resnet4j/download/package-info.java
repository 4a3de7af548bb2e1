/**
 * Files from servers: resumed where a connection broke, checked, and in their place as a whole or not at all.
 */
@NullMarked
package org.resnet4j.download;

import org.jspecify.annotations.NullMarked;
