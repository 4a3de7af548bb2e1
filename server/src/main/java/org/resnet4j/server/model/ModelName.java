package org.resnet4j.server.model;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name and version under which a model is served. Both stand in addresses, so they consist of letters, digits, dots,
 * hyphens and underscores, and begin with a letter, digit or underscore.
 */
public record ModelName(String name, String version) implements Comparable<ModelName> {
    /** The version of a model without versions. */
    public static final String FIRST = "1";

    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    public ModelName {
        check("name", name);
        check("version", version);
    }

    private static void check(String what, String value) {
        if (!isAllowed(value)) {
            throw new IllegalArgumentException(
                    "the " + what + " of a served model consists of letters, digits, '.', '-'"
                            + " and '_', and does not begin with '.' or '-'; got '" + value + "'");
        }
    }

    /** Returns true if a text may be a name or a version. */
    public static boolean isAllowed(@Nullable String value) {
        return value != null && ALLOWED.matcher(value).matches();
    }

    /** Orders versions: numbers by their value, after all other versions. */
    @Override
    public int compareTo(ModelName other) {
        int byName = name.compareTo(other.name);
        if (byName != 0) {
            return byName;
        }
        boolean number = NUMBER.matcher(version).matches();
        boolean otherNumber = NUMBER.matcher(other.version).matches();
        if (number && otherNumber) {
            int byValue = Long.compare(Long.parseLong(version), Long.parseLong(other.version));
            return byValue != 0 ? byValue : version.compareTo(other.version);
        }
        return number == otherNumber ? version.compareTo(other.version) : Boolean.compare(number, otherNumber);
    }

    @Override
    public String toString() {
        return name + " version " + version;
    }
}
