package org.resnet4j.inference;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;

/** Tests one plan called by eight threads. */
class PlanConcurrencyTest {
    private static final int THREADS = 8;
    private static final int CALLS = 200;
    private static final int CALLS_OF_A_SOAK = 10_000;

    /** Without helper threads, all callers compute at once; otherwise they share the helpers and take turns. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void eightThreadsGetTheBitsThatOneGets(int workerThreads) throws InterruptedException {
        int each = (SoakSettings.isOn() ? CALLS_OF_A_SOAK : CALLS) / THREADS;
        for (ResNetSpec spec : List.of(ResNets.named("resnet20"), StreamNetworks.smallPhotographs())) {
            ResNet network = StreamNetworks.create(spec);
            try (var workers = new Workers(workerThreads);
                    var one = new Workers(1)) {
                InferencePlan plan = InferencePlan.compile(
                        network, new PlanOptions(new Compute(KernelLookup.vector(), workers), 1, 32, 32));
                InferencePlan reference = InferencePlan.compile(
                        network, new PlanOptions(new Compute(KernelLookup.vector(), one), 1, 32, 32));
                new Callers(plan, reference).call(THREADS, call -> call < each);
            }
        }
    }
}
