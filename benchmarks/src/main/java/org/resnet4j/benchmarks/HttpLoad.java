package org.resnet4j.benchmarks;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Clients of a server on this machine. Each has one connection and sends a request as soon as it has the reply to the one
 * before.
 *
 * @param requests whole requests, one for each client, in turns
 */
record HttpLoad(int port, List<byte[]> requests) {
    HttpLoad {
        requests = List.copyOf(requests);
    }

    /** A reply. */
    record Reply(int status, byte[] body) {}

    /**
     * The measurements of all clients.
     *
     * @param perSecond replies in a second
     * @param latencies of all replies in milliseconds, in ascending order
     */
    record Result(double perSecond, double[] latencies) {
        /** Returns the latency that this share of the replies did not exceed. */
        double quantile(double share) {
            return latencies[(int) Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
        }
    }

    /** Sends one request and returns the reply. */
    Reply once() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(requests.getFirst());
            return reply(new BufferedInputStream(socket.getInputStream()));
        } catch (IOException failure) {
            throw new BenchmarkFailedException("the server does not answer: " + failure.getMessage(), failure);
        }
    }

    /**
     * Lets clients send requests.
     *
     * @param warmUp the time before the replies count
     * @param measured the time in which they count
     * @throws BenchmarkFailedException if a reply is not a success
     */
    Result run(int clients, Duration warmUp, Duration measured) {
        long from = System.nanoTime() + warmUp.toNanos();
        long to = from + measured.toNanos();
        var all = new ArrayList<double[]>();
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            var running = new ArrayList<Future<double[]>>();
            for (int i = 0; i < clients; i++) {
                byte[] request = requests.get(i % requests.size());
                running.add(threads.submit(() -> client(request, from, to)));
            }
            for (Future<double[]> each : running) {
                all.add(each.get());
            }
        } catch (ExecutionException failure) {
            throw new BenchmarkFailedException("a client failed: " + failure.getCause(), failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("the load was interrupted", stop);
        }
        double[] latencies =
                all.stream().flatMapToDouble(Arrays::stream).sorted().toArray();
        if (latencies.length == 0) {
            throw new BenchmarkFailedException("there was no reply within " + measured);
        }
        return new Result(latencies.length / (measured.toNanos() / 1e9), latencies);
    }

    private double[] client(byte[] request, long from, long to) throws IOException {
        var latencies = new ArrayList<Double>();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            var in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                long start = System.nanoTime();
                socket.getOutputStream().write(request);
                Reply reply = reply(in);
                long end = System.nanoTime();
                if (reply.status() != 200) {
                    throw new IOException(
                            "status " + reply.status() + ": " + new String(reply.body(), StandardCharsets.UTF_8));
                }
                if (end > to) {
                    return latencies.stream().mapToDouble(Double::doubleValue).toArray();
                }
                if (end > from) {
                    latencies.add((end - start) / 1e6);
                }
            }
        }
    }

    private static Reply reply(InputStream in) throws IOException {
        int status = Integer.parseInt(line(in).split(" ", 3)[1]);
        int length = -1;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String header = line.toLowerCase(Locale.ROOT);
            if (header.startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring("content-length:".length()).strip());
            }
        }
        if (length < 0) {
            throw new IOException("a reply has no length");
        }
        return new Reply(status, in.readNBytes(length));
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
