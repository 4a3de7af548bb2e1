package org.resnet4j.dataset.folder;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.resnet4j.dataset.SkippedSamples;

/**
 * The files of a source that are not samples: pictures that cannot be read, with their reasons, and other files, counted
 * by kind.
 */
public final class PassedOver {
    /** Picture formats without a decoder, by extension. */
    private static final Map<String, String> UNSUPPORTED = Map.ofEntries(
            Map.entry("heic", "HEIC"),
            Map.entry("heif", "HEIF"),
            Map.entry("avif", "AVIF"),
            Map.entry("jxl", "JPEG XL"),
            Map.entry("jp2", "JPEG 2000"),
            Map.entry("j2k", "JPEG 2000"),
            Map.entry("psd", "Photoshop"),
            Map.entry("svg", "SVG"),
            Map.entry("tga", "TGA"),
            Map.entry("pgm", "PGM"),
            Map.entry("ppm", "PPM"),
            Map.entry("dng", "raw"),
            Map.entry("cr2", "raw"),
            Map.entry("cr3", "raw"),
            Map.entry("nef", "raw"),
            Map.entry("arw", "raw"),
            Map.entry("orf", "raw"),
            Map.entry("rw2", "raw"),
            Map.entry("raf", "raw"));

    /** Those that cameras and browsers write in place of JPEG. */
    private static final Set<String> PHOTOGRAPHS = Set.of("heic", "heif", "avif", "jxl");

    /** A picture that cannot be read. */
    private record Unreadable(String path, String reason) {}

    private final List<Unreadable> pictures = new ArrayList<>();
    private final SortedMap<String, Integer> kinds = new TreeMap<>();

    /** Returns true if a file is a photograph in a format without a decoder, by its extension. */
    public static boolean isPhotograph(String name) {
        return PHOTOGRAPHS.contains(extension(name));
    }

    private static String extension(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    /** Adds a file that is not a picture of a supported format, or that belongs to the operating system. */
    public void add(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        String extension = extension(name);
        String format = UNSUPPORTED.get(extension);
        if (PictureNames.isIgnored(name)) {
            count(name.startsWith(".") ? "hidden" : "of the operating system");
        } else if (format != null) {
            pictures.add(new Unreadable(path, format + " is not supported; convert it to JPEG"));
            count("." + extension + ", not supported");
        } else {
            count(extension.isEmpty() ? "without extension" : "." + extension);
        }
    }

    /** Adds a hidden folder, or one of the operating system. */
    public void addFolder() {
        count("in hidden folders");
    }

    /** Adds a link to a file that does not exist. */
    public void addBrokenLink(String path) {
        if (PictureNames.isPicture(path)) {
            pictures.add(new Unreadable(path, "a link to a file that does not exist"));
        }
        count("broken links");
    }

    /** Counts a picture without bytes. It remains a sample, which is skipped when it is read. */
    public void addEmpty() {
        count("empty");
    }

    private void count(String kind) {
        kinds.merge(kind, 1, Integer::sum);
    }

    /** Returns the number of files by kind. */
    public SortedMap<String, Integer> kinds() {
        return Collections.unmodifiableSortedMap(kinds);
    }

    /**
     * Returns the pictures below a folder that cannot be read.
     *
     * @param folder the folder; empty for all
     */
    public SkippedSamples pictures(String folder) {
        List<Unreadable> below = pictures.stream()
                .filter(picture -> folder.isEmpty() || picture.path().startsWith(folder + "/"))
                .sorted(Comparator.comparing(Unreadable::path))
                .toList();
        return new SkippedSamples(
                below.size(),
                below.stream()
                        .limit(SkippedSamples.MAX_EXAMPLES)
                        .map(picture -> picture.path() + ": " + picture.reason())
                        .toList());
    }
}
