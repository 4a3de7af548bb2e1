/**
 * Files of the Hugging Face Hub: {@link org.resnet4j.hub.Hub} finds them in the cache of Python's huggingface_hub, or
 * downloads them into it.
 */
@NullMarked
package org.resnet4j.hub;

import org.jspecify.annotations.NullMarked;
