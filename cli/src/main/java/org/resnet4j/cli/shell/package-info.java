/**
 * The terminal: options that every command has, output, progress, problems and exit codes, output folders and their
 * locks.
 */
@NullMarked
package org.resnet4j.cli.shell;

import org.jspecify.annotations.NullMarked;
