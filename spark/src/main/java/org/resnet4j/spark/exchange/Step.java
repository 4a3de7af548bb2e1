package org.resnet4j.spark.exchange;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.resnet4j.training.shard.ShardSum;

/**
 * One sum, on one rank. Each chunk goes through its {@linkplain Program#moves moves}, and whichever chunk can go on does
 * so. Nothing is kept of the gradient but the tensors of the caller and a frame for each direction of a connection.
 */
final class Step {
    private final Links links;
    private final Program program;
    private final Packing packing;
    private final List<ShardSum> own;
    private final ShardSum total;
    private final long number;
    private final int[] next;
    private final List<Lane> lanes = new ArrayList<>();

    Step(Links links, Program program, Packing packing, List<ShardSum> own, ShardSum total, long number) {
        this.links = links;
        this.program = program;
        this.packing = packing;
        this.own = own;
        this.total = total;
        this.number = number;
        next = new int[program.chunks()];
        for (Link link : links.all()) {
            lanes.add(new Lane(link));
        }
    }

    void run() throws IOException {
        long start = System.nanoTime();
        long progress = start;
        while (true) {
            boolean moved = false;
            for (Lane lane : lanes) {
                moved |= lane.advance();
            }
            // before any wait: the last thing done may have been to write the rest of a frame
            if (lanes.stream().noneMatch(Lane::isBusy)) {
                break;
            }
            long now = System.nanoTime();
            links.tend(now);
            if (moved) {
                progress = now;
            } else {
                long until = progress + 2 * links.timeout();
                for (Lane lane : lanes) {
                    until = Math.min(until, lane.deadline(start, now));
                }
                checkProgress(progress, now);
                links.await(now, until);
            }
        }
        for (int chunk = 0; chunk < program.chunks(); chunk++) {
            advanceAlone(chunk);
        }
    }

    /** Ends a sum in which all ranks show signs of life, but none goes on. */
    private void checkProgress(long progress, long now) throws IOException {
        if (now - progress >= 2 * links.timeout()) {
            List<Peer> awaited = lanes.stream()
                    .filter(Lane::isBusy)
                    .map(lane -> lane.link.peer())
                    .toList();
            throw new IOException("no progress for " + Links.text(now - progress) + " in step " + number
                    + " while waiting for " + awaited);
        }
    }

    /** Does what the next moves of a chunk do on this rank alone. */
    private void advanceAlone(int chunk) {
        List<Move> moves = program.moves(chunk);
        while (next[chunk] < moves.size() && moves.get(next[chunk]).isLocal()) {
            Move move = moves.get(next[chunk]);
            ShardSum from = own.get(move.from().slot());
            if (move.kind() == Move.Kind.UP) {
                packing.add(chunk, from, own.get(move.to().slot()));
            } else {
                packing.copy(chunk, from, total);
            }
            next[chunk]++;
        }
    }

    private boolean isDue(Program.Task task) {
        advanceAlone(task.chunk());
        return next[task.chunk()] == task.index();
    }

    /** What is exchanged with one other rank. */
    private final class Lane {
        private final Link link;
        private final List<Program.Task> sends;
        private final List<Program.Task> receives;
        private int sent;
        private int received;

        Lane(Link link) {
            this.link = link;
            sends = program.sends(link.peer().rank());
            receives = program.receives(link.peer().rank());
        }

        boolean isBusy() {
            return sent < sends.size() || received < receives.size() || !link.isFree();
        }

        /** Moves at most one frame in each direction. Returns true if it did. */
        boolean advance() throws IOException {
            link.write();
            boolean moved = send();
            links.attempt(link, link::read);
            return receive() || moved;
        }

        private boolean send() {
            if (sent == sends.size() || !link.isFree() || !isDue(sends.get(sent))) {
                return false;
            }
            Program.Task task = sends.get(sent);
            ShardSum sum = task.move().kind() == Move.Kind.UP
                    ? own.get(task.move().from().slot())
                    : total;
            link.send(Frame.of(number, task, packing), payload -> packing.put(task.chunk(), sum, payload));
            next[task.chunk()]++;
            sent++;
            return true;
        }

        private boolean receive() throws IOException {
            if (received == receives.size() || !link.hasFrame() || !isDue(receives.get(received))) {
                return false;
            }
            Program.Task task = receives.get(received);
            links.attempt(
                    link,
                    () -> link.receive(Frame.of(number, task, packing), payload -> {
                        if (task.move().kind() == Move.Kind.UP) {
                            packing.add(
                                    task.chunk(),
                                    payload,
                                    own.get(task.move().to().slot()));
                        } else {
                            packing.get(task.chunk(), payload, total);
                        }
                    }));
            next[task.chunk()]++;
            received++;
            return true;
        }

        /**
         * Returns the time when the peer counts as stalled.
         *
         * @throws IOException if it is past, or the connection has ended
         */
        long deadline(long start, long now) throws IOException {
            if (isBusy() && link.end() != null) {
                links.attempt(link, link::drain);
                throw new IOException(links.text(link.peer(), link.end()));
            }
            if (!isBusy() || link.hasFrame()) {
                return Long.MAX_VALUE;
            }
            long deadline = Math.max(start, link.heard()) + links.timeout();
            if (now >= deadline) {
                throw new IOException(links.text(link.peer(), "sent nothing for " + Links.text(links.timeout())));
            }
            return deadline;
        }
    }
}
