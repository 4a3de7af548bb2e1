package org.resnet4j.inference;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The settings of the long tests, which run only with {@code -Dresnet4j.soak=MINUTES}. */
final class SoakSettings {
    static final String PROPERTY = "resnet4j.soak";

    private SoakSettings() {}

    static boolean isOn() {
        return minutes() != null;
    }

    /** Returns the duration of the soak. */
    static Duration duration() {
        String minutes = minutes();
        return Duration.ofSeconds(minutes == null ? 0 : Math.round(Double.parseDouble(minutes) * 60));
    }

    private static @Nullable String minutes() {
        return System.getProperty(PROPERTY);
    }
}
