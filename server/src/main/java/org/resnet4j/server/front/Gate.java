package org.resnet4j.server.front;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What a server may accept: the state of its life, and the bytes of request bodies that it holds at a time. */
public final class Gate {
    /** A state in the life of a server. */
    public enum State {
        LOADING,
        READY,
        /** No longer ready, still answering. */
        DRAINING,
        STOPPED
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final long capacity;
    private long held;
    private int requests;
    private State state = State.LOADING;

    /** @param capacity the largest number of bytes of request bodies at a time */
    public Gate(long capacity) {
        this.capacity = capacity;
    }

    public State state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    public boolean isReady() {
        return state() == State.READY;
    }

    public void enter(State next) {
        lock.lock();
        try {
            state = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes room for the body of a request; returns false if there is none. */
    public boolean take(long bytes) {
        lock.lock();
        try {
            if (held + bytes > capacity && held > 0) {
                return false;
            }
            held += bytes;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that are held until this is closed. */
    public interface Room extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Takes room for a request.
     *
     * @throws NoRoomException if there is none
     */
    public Room room(long bytes) throws NoRoomException {
        if (!take(bytes)) {
            throw new NoRoomException();
        }
        return () -> giveBack(bytes);
    }

    public void giveBack(long bytes) {
        lock.lock();
        try {
            held -= bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the bytes of request bodies, and of the tensors of their images, that are held. */
    public long held() {
        lock.lock();
        try {
            return held;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the number of requests that are being answered. */
    public int requests() {
        lock.lock();
        try {
            return requests;
        } finally {
            lock.unlock();
        }
    }

    public void begin() {
        lock.lock();
        try {
            requests++;
        } finally {
            lock.unlock();
        }
    }

    public void end() {
        lock.lock();
        try {
            requests--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until no request is being answered.
     *
     * @return false if some were left after this time
     */
    public boolean awaitIdle(Duration longest) throws InterruptedException {
        long left = longest.toNanos();
        lock.lock();
        try {
            while (requests > 0) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a time, in which the server goes on answering. */
    public void linger(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
