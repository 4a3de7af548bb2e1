package org.resnet4j.quantization;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.resnet4j.quantization.CalibratedNetwork.Sensitivity;

/**
 * A search for the layers that have to stay in float32 so that a quantized network is good enough. Layers are added in
 * the order of their sensitivity until it is. Then each is quantized again, the least sensitive first, if the network
 * is good enough without it as well.
 */
public final class ToleranceSearch<T> {
    private final CalibratedNetwork network;
    private final Judge<T> judge;

    /** Decides which networks are good enough. */
    @FunctionalInterface
    public interface Judge<T> {
        /** Returns what was measured of a network; nothing if it is not good enough. */
        Optional<T> accept(QuantizedNetwork candidate) throws IOException;
    }

    /**
     * The result of a search.
     *
     * @param network the network
     * @param measured what was measured of it
     * @param layers the layers that the search keeps in float32, the most sensitive first
     */
    public record Found<T>(QuantizedNetwork network, T measured, List<Sensitivity> layers) {
        public Found {
            layers = List.copyOf(layers);
        }
    }

    public ToleranceSearch(CalibratedNetwork network, Judge<T> judge) {
        this.network = network;
        this.judge = judge;
    }

    /**
     * Searches.
     *
     * @param kept the names of layers that stay in float32 in any case
     * @param order the other layers, the most sensitive first; asked for if the network is not good enough without
     * @return nothing if no network is good enough in which at least one layer is quantized
     */
    public Optional<Found<T>> find(Set<String> kept, Supplier<List<Sensitivity>> order) throws IOException {
        Optional<Found<T>> found = attempt(kept, List.of());
        if (found.isPresent()) {
            return found;
        }
        List<Sensitivity> layers = order.get();
        for (int count = 1; count < layers.size(); count++) {
            found = attempt(kept, layers.subList(0, count));
            if (found.isPresent()) {
                return Optional.of(reduced(kept, found.get()));
            }
        }
        return Optional.empty();
    }

    private Optional<Found<T>> attempt(Set<String> kept, List<Sensitivity> layers) throws IOException {
        var names = new HashSet<>(kept);
        layers.forEach(layer -> names.add(layer.layer()));
        QuantizedNetwork candidate;
        try {
            candidate = network.quantize(names);
        } catch (UnquantizableException impossible) {
            return Optional.empty();
        }
        return judge.accept(candidate).map(measured -> new Found<>(candidate, measured, layers));
    }

    /** Leaves out the layers that are not needed. The last one that was added is. */
    private Found<T> reduced(Set<String> kept, Found<T> found) throws IOException {
        Found<T> best = found;
        for (int i = found.layers().size() - 2; i >= 0; i--) {
            var fewer = new ArrayList<>(best.layers());
            fewer.remove(i);
            best = attempt(kept, fewer).orElse(best);
        }
        return best;
    }
}
