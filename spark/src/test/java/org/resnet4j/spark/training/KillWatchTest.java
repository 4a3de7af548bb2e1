package org.resnet4j.spark.training;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.resnet4j.spark.exchange.ListeningSocket;
import org.resnet4j.spark.exchange.SocketExchange;
import org.resnet4j.spark.exchange.Token;
import org.resnet4j.training.shard.Ranks;

/** A rank whose task is killed while it waits for a peer that never comes. */
@Timeout(60)
class KillWatchTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    @Test
    void aKilledRankStopsWaitingForALostPeer() throws IOException, InterruptedException {
        var killed = new AtomicBoolean();
        Token token = Token.random();
        try (ListeningSocket own = SocketExchange.listen(InetAddress.getLoopbackAddress(), token);
                ListeningSocket lost = SocketExchange.listen(InetAddress.getLoopbackAddress(), token);
                KillWatch _ = KillWatch.start(killed::get, own)) {
            List<InetSocketAddress> addresses = List.of(own.address(), lost.address());
            Thread killer = Thread.ofPlatform().start(() -> kill(killed));
            assertThrows(IOException.class, () -> own.connect(addresses, 0, new Ranks(2, 2), "plain", LONG));
            killer.join();
        }
    }

    private static void kill(AtomicBoolean killed) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        killed.set(true);
    }

    @Test
    void nothingIsClosedAfterTheEndOfTheWatch() throws InterruptedException {
        var killed = new AtomicBoolean();
        var closed = new AtomicBoolean();
        KillWatch.start(killed::get, () -> closed.set(true)).close();
        killed.set(true);
        TimeUnit.MILLISECONDS.sleep(300);
        assertFalse(closed.get());
    }
}
