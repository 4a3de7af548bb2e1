/**
 * Files of the Hugging Face Hub: {@link org.resnet4j.hub.Hub} finds them in the cache that Python's
 * huggingface_hub uses, or downloads them into it.
 */
@NullMarked
package org.resnet4j.hub;

import org.jspecify.annotations.NullMarked;
