/**
 * An assembler for x86-64 processors with AVX-512. Each instruction that resnet4j uses is a method of
 * {@link org.resnet4j.machine.x64.Assembler} with the mnemonic and the order of operands of the <a
 * href="https://www.intel.com/sdm">Intel 64 and IA-32 Architectures Software Developer's Manual</a>, volume 2.
 */
@NullMarked
package org.resnet4j.machine.x64;

import org.jspecify.annotations.NullMarked;
