package org.resnet4j.spark.exchange;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * The part of one rank in the sum of a number of chunks.
 *
 * <p>Several chunks are under way at once. A rank takes the moves of one chunk in the order of their stages. The frames
 * from one rank to another are in the order of {@link #ORDER}. Both orders are parts of one order of all moves of all
 * chunks. Therefore ranks never wait for each other in a circle, however little a connection can hold: all that precedes
 * the first move that is not done is done, so nothing keeps it from being done.
 */
final class Program {
    /**
     * The number of chunks that a rank sends in one stage before it sends the first in the next stage. As many chunks
     * are on their way while a rank waits for what the next stage needs.
     */
    private static final int LAG = 4;

    /**
     * A move of a chunk.
     *
     * @param chunk the number of the chunk
     * @param index the position in {@link Program#moves}
     * @param move the move
     */
    record Task(int chunk, int index, Move move) {}

    static final Comparator<Task> ORDER = Comparator.<Task>comparingInt(
                    task -> task.chunk() + LAG * task.move().stage())
            .thenComparingInt(Task::chunk)
            .thenComparingInt(Task::index);

    private final List<List<Move>> ways = new ArrayList<>();
    private final int rank;
    private final int chunks;

    Program(Schedule schedule, int rank, int chunks) {
        this.rank = rank;
        this.chunks = chunks;
        for (List<Move> way : schedule.ways()) {
            ways.add(way.stream().filter(move -> move.involves(rank)).toList());
        }
    }

    int chunks() {
        return chunks;
    }

    /** Returns the moves of a chunk that concern this rank, in order. */
    List<Move> moves(int chunk) {
        return ways.get(chunk % ways.size());
    }

    /** Returns what this rank sends to another, in order. */
    List<Task> sends(int to) {
        return tasks(move -> move.from().rank() == rank && move.to().rank() == to);
    }

    /** Returns what this rank receives from another, in order. */
    List<Task> receives(int from) {
        return tasks(move -> move.from().rank() == from && move.to().rank() == rank);
    }

    private List<Task> tasks(Predicate<Move> condition) {
        var tasks = new ArrayList<Task>();
        for (int chunk = 0; chunk < chunks; chunk++) {
            List<Move> moves = moves(chunk);
            for (int i = 0; i < moves.size(); i++) {
                if (condition.test(moves.get(i))) {
                    tasks.add(new Task(chunk, i, moves.get(i)));
                }
            }
        }
        tasks.sort(ORDER);
        return tasks;
    }
}
