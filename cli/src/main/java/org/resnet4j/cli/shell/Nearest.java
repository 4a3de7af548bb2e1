package org.resnet4j.cli.shell;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jline.utils.Levenshtein;

/** Suggestions for a word that is not known: the known words that the user may have meant. */
public final class Nearest {
    private static final int MOST = 3;

    /** The shortest beginning of a word that stands for the whole. */
    private static final int BEGINNING = 3;

    /** The number of letters that permits one more difference. */
    private static final int LETTERS_PER_DIFFERENCE = 4;

    private Nearest() {}

    private record Near(String name, int distance) {}

    /** Returns the end of a message: {@code "; did you mean train?"}, or an empty text without a suggestion. */
    public static String suggestion(String word, Collection<String> known) {
        return question(of(word, known));
    }

    /** Returns suggested words as the end of a message. */
    static String question(List<String> words) {
        return words.isEmpty() ? "" : "; did you mean " + alternatives(words) + "?";
    }

    /** Returns words as alternatives: {@code "a, b or c"}. */
    static String alternatives(List<String> words) {
        String all = String.join(", ", words.subList(0, words.size() - 1));
        return (all.isEmpty() ? "" : all + " or ") + words.getLast();
    }

    /** Returns the known words nearest to a word, at most three; empty if none is near. */
    public static List<String> of(String word, Collection<String> known) {
        String sought = letters(word);
        if (sought.isEmpty()) {
            return List.of();
        }
        List<Near> near = known.stream()
                .map(name -> new Near(name, distance(sought, letters(name))))
                .sorted(Comparator.comparingInt(Near::distance)
                        .thenComparingInt(one -> one.name().length()))
                .toList();
        int least = near.isEmpty() ? Integer.MAX_VALUE : near.getFirst().distance();
        if (least > 1 + (sought.length() - 1) / LETTERS_PER_DIFFERENCE || least >= sought.length()) {
            return List.of();
        }
        return near.stream()
                .filter(one -> one.distance() == least)
                .limit(MOST)
                .map(Near::name)
                .toList();
    }

    /** Returns the number of differences; a beginning of the name counts as one. */
    private static int distance(String word, String name) {
        if (word.equals(name)) {
            return 0;
        }
        return word.length() >= BEGINNING && name.startsWith(word) ? 1 : Levenshtein.distance(word, name);
    }

    /** Returns a word without what people write differently: capitals, hyphens, underscores. */
    private static String letters(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
    }
}
