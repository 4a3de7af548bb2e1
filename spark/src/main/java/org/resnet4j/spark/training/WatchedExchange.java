package org.resnet4j.spark.training;

import java.io.IOException;
import java.util.List;
import org.resnet4j.spark.exchange.SocketExchange;
import org.resnet4j.training.shard.GradientExchange;
import org.resnet4j.training.shard.Ranks;
import org.resnet4j.training.shard.ShardSum;

/** An exchange that tells whether it was the one that failed, so that the round may be repeated. */
final class WatchedExchange implements GradientExchange {
    private final SocketExchange sockets;
    private boolean failed;

    WatchedExchange(SocketExchange sockets) {
        this.sockets = sockets;
    }

    /** Returns true if a sum failed. */
    boolean hasFailed() {
        return failed;
    }

    @Override
    public Ranks ranks() {
        return sockets.ranks();
    }

    @Override
    public int rank() {
        return sockets.rank();
    }

    @Override
    public void sum(List<ShardSum> own, ShardSum total) throws IOException {
        try {
            sockets.sum(own, total);
        } catch (IOException failure) {
            failed = true;
            throw failure;
        }
    }
}
