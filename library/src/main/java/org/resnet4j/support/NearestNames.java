package org.resnet4j.support;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** The known names that resemble a name that is not known, for messages. */
public final class NearestNames {
    private static final int MOST = 3;

    /** The number of characters that permits one more difference. */
    private static final int CHARACTERS_PER_DIFFERENCE = 4;

    /** A longer name resembles none; comparing it would take long. */
    private static final int LONGEST = 100;

    private NearestNames() {}

    /** Returns the known names with the fewest differences, at most three; empty if none is near. */
    public static List<String> of(String name, Collection<String> known) {
        if (name.length() > LONGEST) {
            return List.of();
        }
        String sought = letters(name);
        int least = known.stream()
                .mapToInt(other -> distance(sought, letters(other)))
                .min()
                .orElse(Integer.MAX_VALUE);
        if (least > sought.length() / CHARACTERS_PER_DIFFERENCE) {
            return List.of();
        }
        return known.stream()
                .filter(other -> distance(sought, letters(other)) == least)
                .limit(MOST)
                .toList();
    }

    /** Returns a name without what people write differently: capitals, hyphens, underscores. */
    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
    }

    /** Returns the Levenshtein distance: the number of characters to insert, remove or replace. */
    private static int distance(String from, String to) {
        var above = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            above[column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            var current = new int[to.length() + 1];
            current[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                int replaced = above[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(replaced, 1 + Math.min(above[column], current[column - 1]));
            }
            above = current;
        }
        return above[to.length()];
    }
}
