package org.resnet4j.cli.shell;

import java.util.List;

/** A failure with an explanation of several lines, which follows the message on the terminal. */
public interface Explained {
    /** Returns the lines. */
    List<String> explanation();
}
