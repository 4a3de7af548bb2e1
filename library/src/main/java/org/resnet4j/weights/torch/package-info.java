/**
 * PyTorch's {@code torch.save} files ({@code .pth}, {@code .pt}, {@code .th}): a pickle that describes tensors, and the
 * bytes of their storages.
 *
 * <p>A pickle is a program, which is never run here: {@code PickleInterpreter} supports only the instructions and names
 * of a state dict, builds plain values from them and rejects everything else by name.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/notes/serialization.html">PyTorch's notes on the format</a>
 * @see <a href="https://github.com/python/cpython/blob/3.13/Lib/pickletools.py">the instructions of pickles</a>
 */
@NullMarked
package org.resnet4j.weights.torch;

import org.jspecify.annotations.NullMarked;
