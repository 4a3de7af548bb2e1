package org.resnet4j.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Ranks on three hosts: network namespaces, connected with a bridge that is in a namespace of its own. Nothing of it
 * touches the network of the machine, and deleting the namespaces deletes all of it. Needs root.
 */
@EnabledOnOs(OS.LINUX)
class NamespaceTest {
    private static final int HOSTS = 3;

    private final String name = "resnet4j-" + ProcessHandle.current().pid();
    private final String hub = name + "-hub";

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException _) {
            return false;
        }
    }

    private String host(int rank) {
        return name + "-" + rank;
    }

    private static String address(int rank) {
        return "10.77.0." + (rank + 1);
    }

    private static void ip(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Processes.run(command.toArray(String[]::new));
    }

    @BeforeEach
    void makeHosts() throws Exception {
        assumeTrue(succeeds("ip", "netns", "add", hub), "network namespaces need root and ip");
        ip("-n", hub, "link", "add", "bridge", "type", "bridge");
        ip("-n", hub, "link", "set", "bridge", "up");
        for (int rank = 0; rank < HOSTS; rank++) {
            ip("netns", "add", host(rank));
            ip("-n", hub, "link", "add", "port" + rank, "type", "veth", "peer", "name", "eth0", "netns", host(rank));
            ip("-n", hub, "link", "set", "port" + rank, "master", "bridge", "up");
            ip("-n", host(rank), "address", "add", address(rank) + "/24", "dev", "eth0");
            ip("-n", host(rank), "link", "set", "eth0", "up");
            ip("-n", host(rank), "link", "set", "lo", "up");
        }
    }

    @AfterEach
    void deleteHosts() throws Exception {
        for (int rank = 0; rank < HOSTS; rank++) {
            succeeds("ip", "netns", "delete", host(rank));
        }
        succeeds("ip", "netns", "delete", hub);
    }

    private Processes start(int timeout, int pause, int steps) throws IOException {
        var processes = new Processes();
        processes.killAfter(Duration.ofSeconds(60));
        for (int rank = 0; rank < HOSTS; rank++) {
            processes.start(
                    List.of("ip", "netns", "exec", host(rank)),
                    address(rank),
                    rank,
                    HOSTS,
                    HOSTS,
                    200_000,
                    timeout,
                    pause,
                    steps);
        }
        processes.introduce();
        return processes;
    }

    @Test
    void ranksFindEachOtherByTheAddressesOfTheirHosts() throws Exception {
        try (Processes processes = start(30_000, 0, 10)) {
            for (int rank = 0; rank < HOSTS; rank++) {
                assertTrue(processes.address(rank).startsWith(address(rank) + ":"), processes.address(rank));
                assertEquals("done", processes.lastLine(rank));
            }
        }
    }

    /** The host behind the dead link names a rank that it was connected with; the others name the one behind it. */
    @Test
    void aLinkThatGoesSilentEndsTheRoundOnBothSides() throws Exception {
        try (Processes processes = start(2000, 20, 100_000)) {
            processes.awaitLine(1, "step 1");
            long start = System.nanoTime();
            ip("-n", hub, "link", "set", "port2", "down");
            for (int rank : new int[] {0, 1}) {
                String last = processes.lastLine(rank);
                assertTrue(last.startsWith("ended: " + processes.name(2) + " sent nothing for 2 s in step "), last);
            }
            String last = processes.lastLine(2);
            assertTrue(
                    last.matches("ended: rank [01] \\(10\\.77\\.0\\.[12]:\\d+\\) sent nothing for 2 s in step .*"),
                    last);
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
            assertTrue(seconds < 20, seconds + " s");
        }
    }

    @Test
    void aHostThatCannotBeReachedIsNamed() throws Exception {
        ip("-n", hub, "link", "set", "port2", "down");
        try (Processes processes = start(2000, 20, 1)) {
            for (int rank = 0; rank < HOSTS; rank++) {
                String last = processes.lastLine(rank);
                String named = rank == 2 ? "rank [01] " : Pattern.quote(processes.name(2));
                assertTrue(last.matches("ended: .*" + named + ".*(did not connect|cannot be reached).*"), last);
            }
        }
    }
}
