package org.resnet4j.server.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.resnet4j.server.telemetry.ModelState;

/**
 * The models of a server. A request holds a {@link Lease} on its model, so that a model that is exchanged or removed
 * answers every request that it has accepted before it is closed. Thread-safe.
 */
public final class ModelCatalog implements AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private final TreeMap<ModelName, Entry> entries = new TreeMap<>();

    /** A model with the number of its users. */
    private static final class Entry {
        private final ServedModel model;
        private int users;

        Entry(ServedModel model) {
            this.model = model;
        }
    }

    /** The right to use a model until it is closed. */
    public final class Lease implements AutoCloseable {
        private final Entry entry;
        private boolean open = true;

        private Lease(Entry entry) {
            this.entry = entry;
        }

        public ServedModel model() {
            return entry.model;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (open) {
                    open = false;
                    entry.users--;
                    released.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Adds a model, in place of another of its name and version. New requests get the new model at once; the other one is
     * closed after the last request that it has accepted.
     */
    public void put(ServedModel model) {
        Entry old;
        lock.lock();
        try {
            old = entries.put(model.name(), new Entry(model));
        } finally {
            lock.unlock();
        }
        retire(old);
    }

    /**
     * Removes a model, and closes it after the last request that it has accepted.
     *
     * @return false if there is no such model
     */
    public boolean remove(ModelName name) {
        Entry old;
        lock.lock();
        try {
            old = entries.remove(name);
        } finally {
            lock.unlock();
        }
        retire(old);
        return old != null;
    }

    private void retire(@Nullable Entry old) {
        if (old == null) {
            return;
        }
        lock.lock();
        try {
            while (old.users > 0) {
                released.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        old.model.close();
    }

    /**
     * Returns the right to use a model.
     *
     * @param version null for the newest one: the largest number, or else the last in the order of the alphabet
     * @throws UnknownModelException if there is no such model
     */
    public Lease lease(String name, @Nullable String version) throws UnknownModelException {
        lock.lock();
        try {
            Entry found = null;
            for (Map.Entry<ModelName, Entry> each : entries.entrySet()) {
                ModelName key = each.getKey();
                if (key.name().equals(name) && (version == null || key.version().equals(version))) {
                    found = each.getValue();
                }
            }
            if (found == null) {
                throw unknown(name, version);
            }
            found.users++;
            return new Lease(found);
        } finally {
            lock.unlock();
        }
    }

    private UnknownModelException unknown(String name, @Nullable String version) {
        var versions = new ArrayList<String>();
        var names = new TreeSet<String>();
        for (ModelName each : entries.keySet()) {
            names.add(each.name());
            if (each.name().equals(name)) {
                versions.add(each.version());
            }
        }
        return new UnknownModelException(
                versions.isEmpty()
                        ? "there is no model '" + name + "'; the models are " + names
                        : "the model '" + name + "' has no version '" + version + "'; its versions are " + versions);
    }

    /** Returns the names and versions of all models. */
    public Set<ModelName> names() {
        lock.lock();
        try {
            return Set.copyOf(entries.keySet());
        } finally {
            lock.unlock();
        }
    }

    /** Returns the versions of each model, the oldest first. */
    public Map<String, List<String>> versions() {
        lock.lock();
        try {
            var versions = new TreeMap<String, List<String>>();
            entries.keySet()
                    .forEach(key -> versions.computeIfAbsent(key.name(), _ -> new ArrayList<>())
                            .add(key.version()));
            return versions;
        } finally {
            lock.unlock();
        }
    }

    /** Returns all models as metrics show them. */
    public List<ModelState> states() {
        lock.lock();
        try {
            return entries.values().stream().map(entry -> entry.model.state()).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Closes all models, each after the last request that it has accepted. */
    @Override
    public void close() {
        var left = new HashMap<ModelName, Entry>();
        lock.lock();
        try {
            left.putAll(entries);
            entries.clear();
        } finally {
            lock.unlock();
        }
        left.values().forEach(this::retire);
    }
}
