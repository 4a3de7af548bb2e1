/**
 * The generator of the straight-line kernels.
 *
 * <p>The just-in-time compiler keeps vectors in registers only if they are named values in straight-line code. Such
 * code is long and regular, so this program writes it from a description. {@code mvn verify} checks that the committed
 * classes are up to date; {@code mvn verify -pl checks -Dgenerate=apply} rewrites them.
 *
 * <ul>
 *   <li>A register tile is a line in {@link org.resnet4j.generator.Tiles}.
 *   <li>A Winograd transform consists of its matrices and the list of its methods, as in
 *       {@link org.resnet4j.generator.Transform4}.
 *   <li>The passes of normalization differ by a {@link org.resnet4j.generator.Gate} and a
 *       {@link org.resnet4j.generator.Storage}.
 *   <li>A generated class, with its package and access, is a line in
 *       {@link org.resnet4j.generator.GeneratedClasses}.
 * </ul>
 *
 * <p>The program is not part of the library. The build runs it from its sources.
 */
package org.resnet4j.generator;
