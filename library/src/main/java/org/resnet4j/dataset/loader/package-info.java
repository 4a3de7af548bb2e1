/** Parallel loading: {@link org.resnet4j.dataset.loader.DataLoader} turns a dataset into batches. */
@NullMarked
package org.resnet4j.dataset.loader;

import org.jspecify.annotations.NullMarked;
