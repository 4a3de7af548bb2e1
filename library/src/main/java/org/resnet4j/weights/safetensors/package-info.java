/**
 * The safetensors format: a JSON header, then the bytes of every tensor.
 *
 * @see <a href="https://huggingface.co/docs/safetensors/index#format">the specification</a>
 */
@NullMarked
package org.resnet4j.weights.safetensors;

import org.jspecify.annotations.NullMarked;
