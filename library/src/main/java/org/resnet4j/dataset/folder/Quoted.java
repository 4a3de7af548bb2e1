package org.resnet4j.dataset.folder;

import java.util.List;
import java.util.stream.Collectors;

/** Lists of names in messages. */
final class Quoted {
    private static final int SHOWN = 5;

    private Quoted() {}

    /** Returns {@code 'a', 'b' and 3 more}. */
    static String list(List<String> names) {
        String shown = names.stream().limit(SHOWN).map(name -> "'" + name + "'").collect(Collectors.joining(", "));
        return names.size() > SHOWN ? shown + " and " + (names.size() - SHOWN) + " more" : shown;
    }
}
