package org.resnet4j.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line of the picture benchmark.
 *
 * @param model the network
 * @param collections the generated collections
 * @param pictures a folder of pictures instead of the collections, or null
 * @param count the number of pictures in each collection; 0 for its usual number
 * @param threads the number of threads of every peer
 * @param rounds the number of times that each peer is timed
 * @param limit the longest time of a round
 * @param peers the names of the peers; empty for all
 * @param python the Python with Pillow and ONNX Runtime
 * @param csv the file for the figures, or null
 */
record PictureOptions(
        String model,
        List<PictureCollection> collections,
        @Nullable Path pictures,
        int count,
        int threads,
        int rounds,
        Duration limit,
        List<String> peers,
        String python,
        @Nullable Path csv) {
    static final String USAGE = """
        Usage: resnet4j-bench pictures [OPTION VALUE]...   time photograph to label

          --model NAME                 Network (default: resnet18).
          --collections NAME,...       Generated collections (default: all): jpeg-500,
                                       jpeg-4000, progressive-4000, png-1000, webp-1000.
          --pictures FOLDER            The pictures of this folder instead.
          --count N                    Pictures in each collection (default: 256
                                       small or 48 large ones; all of a folder).
          --threads N                  Threads of each peer (default: 2).
          --rounds N                   Rounds after the warm-up (default: 5).
          --limit SECONDS              Longest round of a peer (default: 3600); a
                                       slower one is left out.
          --peers NAME,...             Peers (default: all): resnet4j-exact,
                                       resnet4j-scaled, pillow, imageio.
          --python PATH                Python with pillow and onnxruntime (default:
                                       python3); without them, pillow is left out.
          --csv FILE                   Also write the figures to this file.
        """;

    PictureOptions {
        collections = List.copyOf(collections);
        peers = List.copyOf(peers);
    }

    /**
     * Parses the command line, without the name of the benchmark.
     *
     * @throws IllegalArgumentException naming the option that is invalid
     */
    static PictureOptions parse(String... arguments) {
        String model = "resnet18";
        List<PictureCollection> collections = List.of(PictureCollection.values());
        Path pictures = null;
        int count = 0;
        int threads = 2;
        int rounds = 5;
        Duration limit = Duration.ofHours(1);
        List<String> peers = List.of();
        String python = "python3";
        Path csv = null;
        for (Argument argument : Argument.parse(arguments)) {
            String value = argument.value();
            switch (argument.option()) {
                case "--model" -> model = Workload.named(value).name();
                case "--collections" ->
                    collections = argument.names().stream()
                            .map(PictureCollection::named)
                            .toList();
                case "--pictures" -> pictures = Path.of(value);
                case "--count" -> count = argument.positive();
                case "--threads" -> threads = argument.positive();
                case "--rounds" -> rounds = argument.positive();
                case "--limit" -> limit = Duration.ofSeconds(argument.positive());
                case "--peers" -> peers = argument.names();
                case "--python" -> python = value;
                case "--csv" -> csv = Path.of(value);
                default -> throw argument.unknown();
            }
        }
        return new PictureOptions(model, collections, pictures, count, threads, rounds, limit, peers, python, csv);
    }
}
