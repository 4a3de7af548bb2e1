/**
 * The generator of the straight-line kernels.
 *
 * <p>The just-in-time compiler keeps vectors in registers only where they are named values in straight-line code. Such
 * code is long and regular, so this program writes it from a description. {@code mvn verify} checks that the committed
 * classes are those that it writes; {@code mvn -N verify -Dgenerate=apply} rewrites them.
 *
 * <ul>
 *   <li>A register tile is a line in {@link org.resnet4j.generator.Tiles}.
 *   <li>A generated class, and the package that it goes to, is a line in
 *       {@link org.resnet4j.generator.GeneratedClasses}.
 * </ul>
 *
 * <p>The program is no part of the library. The build starts it from its sources.
 */
package org.resnet4j.generator;
