package org.resnet4j.dataset.folder;

import java.util.Set;
import java.util.TreeSet;

/** Messages about class names that should be equal but differ. */
public final class ClassNames {
    private static final int SHOWN = 5;

    private ClassNames() {}

    /** Returns the classes that are in only one of the two sets. */
    public static String difference(String place, Set<String> classes, String otherPlace, Set<String> otherClasses) {
        var message = new StringBuilder(place + " and " + otherPlace + " do not have the same classes");
        append(message, place, classes, otherClasses);
        append(message, otherPlace, otherClasses, classes);
        return message.toString();
    }

    private static void append(StringBuilder message, String place, Set<String> classes, Set<String> others) {
        var own = new TreeSet<>(classes);
        own.removeAll(others);
        if (own.isEmpty()) {
            return;
        }
        message.append("; only in ").append(place).append(": ");
        message.append(String.join(", ", own.stream().limit(SHOWN).toList()));
        if (own.size() > SHOWN) {
            message.append(" and ").append(own.size() - SHOWN).append(" more");
        }
    }
}
