package org.resnet4j.benchmarks;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The benchmark from photograph to label. Each peer runs in a process of its own; after the first, cold round they take
 * turns.
 */
final class PicturesBenchmark {
    private static final String PILLOW = "pillow";
    private static final List<String> EXTENSIONS = List.of("jpg", "jpeg", "png", "webp");

    private final PictureOptions options;
    private final boolean pillow;
    private final List<String> peers;
    private final List<PictureResult> all = new ArrayList<>();
    private final List<String> lines = new ArrayList<>(List.of(PictureResult.CSV_HEADER));

    /**
     * Creates the benchmark.
     *
     * @throws IllegalArgumentException if a peer does not exist
     */
    PicturesBenchmark(PictureOptions options) {
        this.options = options;
        pillow = runs(options.python(), "import PIL, onnxruntime, numpy");
        List<String> known = Stream.concat(PictureWorker.peers().map(PicturePeer::name), Stream.of(PILLOW))
                .toList();
        for (String name : options.peers()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("no peer " + name + "; the peers are " + known);
            }
        }
        peers = known.stream()
                .filter(name -> options.peers().isEmpty() || options.peers().contains(name))
                .filter(name -> pillow || !name.equals(PILLOW))
                .toList();
    }

    /**
     * Measures all collections.
     *
     * @throws BenchmarkFailedException if a peer fails
     */
    void run() {
        try (var folder = TemporaryFolder.create()) {
            measure(folder.path());
        } catch (IOException e) {
            throw new BenchmarkFailedException(e.toString(), e);
        }
    }

    List<PictureResult> results() {
        return List.copyOf(all);
    }

    private void measure(Path folder) throws IOException {
        System.out.printf("Java %s, %d threads, %s%n", Runtime.version(), options.threads(), options.model());
        if (!pillow) {
            System.out.println("pillow: left out, " + options.python() + " has no pillow, numpy and onnxruntime");
        }
        Path network = Files.createDirectory(folder.resolve("network"));
        PictureNetwork.write(network, options.model());
        Path given = options.pictures();
        if (given != null) {
            measure(given.toString(), given(given), network, folder);
            return;
        }
        for (PictureCollection collection : options.collections()) {
            Path target = Files.createDirectory(folder.resolve(collection.title()));
            List<Path> files = collection.write(target, options.count());
            if (collection == PictureCollection.WEBP_1000) {
                files = webp(files);
            }
            if (files.isEmpty()) {
                System.out.printf("%n%s: left out, %s has no encoder%n", collection.title(), options.python());
            } else {
                measure(collection.title(), files, network, folder);
            }
            TemporaryFolder.delete(target);
        }
    }

    private void measure(String title, List<Path> files, Path network, Path folder) throws IOException {
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        System.out.printf(
                "%n%s: %d pictures of %d kB%n%s%n",
                title, files.size(), bytes / files.size() / 1000, PictureResult.HEADER);
        Path listing = folder.resolve("files.txt");
        Files.write(listing, files.stream().map(Path::toString).toList());
        Map<String, List<String>> commands = new LinkedHashMap<>();
        for (String peer : peers) {
            Files.deleteIfExists(logits(folder, peer));
            commands.put(peer, command(peer, network, listing, logits(folder, peer)));
        }
        var turns = new PictureTurns(options.limit(), options.rounds(), System.out);
        int classes = Workload.named(options.model()).spec().classes();
        List<PictureResult> group = new ArrayList<>();
        for (var entry : turns.run(commands).entrySet()) {
            String peer = entry.getKey();
            PictureTurns.Times times = entry.getValue();
            try {
                float[] logits = read(logits(folder, peer), files.size() * classes);
                group.add(new PictureResult(
                        title, peer, files.size(), times.coldSeconds(), times.rounds(), logits, classes));
            } catch (BenchmarkFailedException e) {
                System.out.println(peer + ": left out, " + e.getMessage());
            }
        }
        if (group.isEmpty()) {
            throw new BenchmarkFailedException(title + ": every peer has failed");
        }
        report(group);
        System.out.println(PictureStages.measure(network, files, options.rounds()));
    }

    private void report(List<PictureResult> group) throws IOException {
        PictureResult reference = group.stream()
                .filter(one -> one.peer().equals(PILLOW))
                .findFirst()
                .orElse(group.getFirst());
        group.forEach(one -> System.out.println(one.row(reference)));
        System.out.println("top-1 and difference: beside " + reference.peer());
        group.forEach(one -> lines.add(one.csv(reference)));
        all.addAll(group);
        @Nullable Path csv = options.csv();
        if (csv != null) {
            Files.write(csv, lines);
        }
    }

    private List<String> command(String peer, Path network, Path listing, Path logits) throws IOException {
        String threads = Integer.toString(options.threads());
        List<String> command = new ArrayList<>();
        if (peer.equals(PILLOW)) {
            Path script = network.resolve("pictures.py");
            try (InputStream in = PicturesBenchmark.class.getResourceAsStream("pictures.py")) {
                if (in == null) {
                    throw new BenchmarkFailedException("the script of pillow is missing");
                }
                Files.write(script, in.readAllBytes());
            }
            command.addAll(List.of(options.python(), script.toString()));
            command.add(network.resolve(PictureNetwork.ONNX).toString());
        } else {
            command.addAll(ChildProcess.java(PictureWorker.class, peer, network.toString()));
        }
        command.addAll(List.of(listing.toString(), threads, logits.toString()));
        return command;
    }

    /** Returns the same pictures as WebP; none if Python cannot encode them. */
    private List<Path> webp(List<Path> files) {
        if (!pillow) {
            return List.of();
        }
        List<String> command = new ArrayList<>(List.of("import sys; from PIL import Image\n"
                + "for name in sys.argv[1:]: Image.open(name).save(name[:-4] + '.webp', quality=85)"));
        files.forEach(file -> command.add(file.toString()));
        return runs(options.python(), command.toArray(String[]::new))
                ? files.stream()
                        .map(file -> Path.of(file.toString().replaceFirst("\\.png$", ".webp")))
                        .toList()
                : List.of();
    }

    private List<Path> given(Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            List<Path> files =
                    found.filter(PicturesBenchmark::isPicture).sorted().toList();
            if (files.isEmpty()) {
                throw new BenchmarkFailedException("no pictures in " + folder);
            }
            return options.count() == 0 ? files : files.subList(0, Math.min(options.count(), files.size()));
        }
    }

    private static boolean isPicture(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(java.util.Locale.ROOT);
        return Files.isRegularFile(file) && EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1));
    }

    private static boolean runs(String python, String... script) {
        List<String> command = new ArrayList<>(List.of(python, "-c"));
        command.addAll(List.of(script));
        try {
            return new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Path logits(Path folder, String peer) {
        return folder.resolve(peer + ".logits");
    }

    /**
     * Reads the logits that a peer has written.
     *
     * @throws BenchmarkFailedException if there is no file, or not the right number
     */
    static float[] read(Path file, int count) throws IOException {
        if (!Files.exists(file)) {
            throw new BenchmarkFailedException("it has written no logits");
        }
        if (Files.size(file) != (long) count * Float.BYTES) {
            throw new BenchmarkFailedException(
                    "it has written " + Files.size(file) / Float.BYTES + " logits instead of " + count);
        }
        float[] values = new float[count];
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            for (int i = 0; i < values.length; i++) {
                values[i] = in.readFloat();
            }
        }
        return values;
    }
}
