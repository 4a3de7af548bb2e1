/** The programs of the javadoc, which compile here; comments with {@code @start} and {@code @end} mark what it shows. */
package org.resnet4j.snippets;
