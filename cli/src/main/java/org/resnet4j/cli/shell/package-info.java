/**
 * The basis of all commands: common options, output, progress, failures and exit codes, output folders and their locks.
 */
@NullMarked
package org.resnet4j.cli.shell;

import org.jspecify.annotations.NullMarked;
