/** Parallel loading: {@link org.resnet4j.dataset.loader.DataLoader} prepares batches of a dataset. */
@NullMarked
package org.resnet4j.dataset.loader;

import org.jspecify.annotations.NullMarked;
