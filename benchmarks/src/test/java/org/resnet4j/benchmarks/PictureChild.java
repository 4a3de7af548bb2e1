package org.resnet4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** A picture peer for tests. From the given command on, it misbehaves. */
final class PictureChild {
    private PictureChild() {}

    /** Takes the kind of misbehavior and the number of good answers before it. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int good = Integer.parseInt(arguments[1]);
        try (var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (int i = 0; lines.readLine() != null; i++) {
                if (i < good) {
                    System.out.println("a warning of a library");
                    System.out.println("round " + (i + 1) + " 2.5 1000");
                } else {
                    switch (arguments[0]) {
                        case "dies" -> System.exit(1);
                        case "rubbish" -> System.out.println("round one two three");
                        case "short" -> System.out.println("round 1.5");
                        case "slow" -> Thread.sleep(600_000);
                        default -> throw new IllegalArgumentException(arguments[0]);
                    }
                }
            }
        }
    }
}
