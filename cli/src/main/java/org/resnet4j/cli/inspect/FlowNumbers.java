package org.resnet4j.cli.inspect;

import java.util.ArrayList;
import java.util.List;
import org.resnet4j.insight.FlowMeasurements;
import org.resnet4j.insight.FlowMeasurements.Moment;
import org.resnet4j.insight.GradientFlow.Signal;
import org.resnet4j.insight.GradientFlow.Weights;

/** The measurements of networks as CSV. */
record FlowNumbers(List<FlowMeasurements> networks) {
    /** Returns one line for each block and each weight at each moment. */
    String csv() {
        var lines = new ArrayList<String>();
        lines.add("network,step,what,name,depth,size,gradient,update");
        for (FlowMeasurements network : networks) {
            for (Moment moment : network.moments()) {
                String start = network.name() + "," + moment.step() + ",";
                for (Signal signal : moment.flow().signals()) {
                    lines.add(start + "signal," + signal.name() + "," + signal.depth() + "," + signal.activation() + ","
                            + signal.gradient() + ",");
                }
                for (Weights weights : moment.flow().weights()) {
                    lines.add(start + "weights," + weights.name() + "," + weights.depth() + "," + weights.value() + ","
                            + weights.gradient() + ","
                            + moment.updates().getOrDefault(weights.name(), 0.0));
                }
            }
        }
        return String.join("\n", lines) + "\n";
    }
}
