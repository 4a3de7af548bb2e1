package org.resnet4j.cli.train;

import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.cli.shell.Program;
import org.resnet4j.training.TrainingEvent;
import org.resnet4j.training.TrainingListener;

/** Observes a training run on behalf of the command that started it; may interrupt it. */
public interface Supervisor extends TrainingListener {
    /** Returns the command that resumes an interrupted run. */
    String resumption(OutputFolder output);

    /** The supervisor of a run that is not part of an experiment. */
    Supervisor NONE = new Supervisor() {
        @Override
        public void on(TrainingEvent event) {
            // Nothing else observes the run.
        }

        @Override
        public String resumption(OutputFolder output) {
            return Program.command("train", "--output", output.path(), "--resume");
        }
    };
}
