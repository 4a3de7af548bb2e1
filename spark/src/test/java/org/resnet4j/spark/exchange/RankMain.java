package org.resnet4j.spark.exchange;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.resnet4j.training.shard.Ranks;
import org.resnet4j.training.shard.ShardSum;

/**
 * A rank as a process of its own. Prints the address where it listens, reads the addresses of all ranks from standard
 * input, one a line, and sums until it is ended. Prints a line for each step, and last the message of the exception.
 *
 * <p>Arguments: address to bind, rank, number of ranks, number of shards, number of floats, time-out in milliseconds,
 * milliseconds between steps, number of steps.
 */
final class RankMain {
    static final Token TOKEN = new Token(0x0123456789abcdefL, 0x0fedcba987654321L);

    private RankMain() {}

    public static void main(String[] args) throws Exception {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        int rank = Integer.parseInt(args[1]);
        var ranks = new Ranks(Integer.parseInt(args[2]), Integer.parseInt(args[3]));
        int size = Integer.parseInt(args[4]);
        Duration timeout = Duration.ofMillis(Long.parseLong(args[5]));
        long pause = Long.parseLong(args[6]);
        int steps = Integer.parseInt(args[7]);
        try (ListeningSocket socket = SocketExchange.listen(InetAddress.getByName(args[0]), TOKEN)) {
            out.println(Peer.text(socket.address()));
            List<InetSocketAddress> addresses = addresses(ranks.ranks());
            try (SocketExchange exchange = socket.connect(addresses, rank, ranks, "process", timeout)) {
                for (int step = 1; step <= steps; step++) {
                    List<ShardSum> own = Sums.own(ranks, rank, step, 1, size);
                    exchange.sum(own, own.getFirst());
                    Sums.assertSameBits(Sums.of(ranks.tree(), step, 1, size), own.getFirst(), "step " + step);
                    out.println("step " + step);
                    Thread.sleep(pause);
                }
            }
            out.println("done");
        } catch (IOException e) {
            out.println("ended: " + e.getMessage());
        }
    }

    private static List<InetSocketAddress> addresses(int count) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var addresses = new ArrayList<InetSocketAddress>();
        for (int i = 0; i < count; i++) {
            String line = in.readLine();
            int colon = line.lastIndexOf(':');
            addresses.add(new InetSocketAddress(
                    InetAddress.getByName(line.substring(0, colon)), Integer.parseInt(line.substring(colon + 1))));
        }
        return addresses;
    }
}
