package org.resnet4j.cli.train;

import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.training.TrainingEvent;
import org.resnet4j.training.TrainingListener;

/** Of what a training run is a part: it hears of everything, may interrupt the thread, and knows how all of it goes on. */
public interface Supervisor extends TrainingListener {
    /** The command that goes on with an interrupted run. */
    String resumption(OutputFolder output);

    /** For a run by itself. */
    Supervisor NONE = new Supervisor() {
        @Override
        public void on(TrainingEvent event) {
            // Nobody else is to know.
        }

        @Override
        public String resumption(OutputFolder output) {
            return "resnet4j train --output " + output.path() + " --resume";
        }
    };
}
