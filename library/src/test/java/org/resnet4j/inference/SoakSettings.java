package org.resnet4j.inference;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Whether the long tests run: {@code -Dresnet4j.soak=MINUTES}. */
final class SoakSettings {
    static final String PROPERTY = "resnet4j.soak";

    private SoakSettings() {}

    static boolean isOn() {
        return minutes() != null;
    }

    /** How long the soak lasts. */
    static Duration duration() {
        String minutes = minutes();
        return Duration.ofSeconds(minutes == null ? 0 : Math.round(Double.parseDouble(minutes) * 60));
    }

    private static @Nullable String minutes() {
        return System.getProperty(PROPERTY);
    }
}
