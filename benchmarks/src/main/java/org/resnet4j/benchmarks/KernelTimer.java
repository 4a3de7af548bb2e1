package org.resnet4j.benchmarks;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.ConversionKernel;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.LateGradient;
import org.resnet4j.kernel.MapKernels;
import org.resnet4j.parallel.Workers;

/**
 * A timer of the kernels of a step. It wraps each kernel and measures the time between call and return, for the one
 * thread that computes the step. Nested kernel calls count as time of the outer kernel.
 */
final class KernelTimer {
    /**
     * The identity of a kernel call.
     *
     * @param family the component of {@link Kernels}
     * @param method the method of the family's interface
     * @param shape the convolution among its arguments, or null
     * @param bytes the bytes of {@link Traffic}
     */
    record Call(String family, String method, @Nullable ConvolutionShape shape, long bytes) {}

    /** The total of all calls of one kind in a step. */
    record Total(int calls, long nanoseconds) {
        private static final Total NOTHING = new Total(0, 0);

        Total plus(long more) {
            return new Total(calls + 1, nanoseconds + more);
        }
    }

    /**
     * The times of one step.
     *
     * @param nanoseconds the duration of the step
     * @param totals the totals of the kernels, in the order of their first calls
     */
    record Step(long nanoseconds, Map<Call, Total> totals) {}

    private final LongSupplier clock;
    private Map<Call, Total> totals = new LinkedHashMap<>();
    private boolean busy;

    /**
     * Creates a timer.
     *
     * @param clock the clock, in nanoseconds
     */
    KernelTimer(LongSupplier clock) {
        this.clock = clock;
    }

    /** Returns the kernels wrapped in timers. */
    Kernels around(Kernels kernels) {
        return Kernels.class.cast(aroundAll(kernels, Float.BYTES)).withBFloat16(new TimedBFloat16(kernels));
    }

    /** The wrapped kernels for bfloat16, found when they are needed. */
    private final class TimedBFloat16 implements Supplier<MapKernels> {
        private final Kernels kernels;
        private @Nullable MapKernels timed;

        TimedBFloat16(Kernels kernels) {
            this.kernels = kernels;
        }

        @Override
        public MapKernels get() {
            MapKernels known = timed;
            if (known == null) {
                known = MapKernels.class.cast(aroundAll(kernels.bfloat16(), Short.BYTES));
                timed = known;
            }
            return known;
        }
    }

    /**
     * Wraps the kernels of a set, and of the sets in it. Conversions are not wrapped: all threads call them, each for its
     * part.
     *
     * @param bytes the bytes of a number in a feature map
     */
    private Object aroundAll(Object set, int bytes) {
        RecordComponent[] components = set.getClass().getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                Object value = components[i].getAccessor().invoke(set);
                boolean isKernel = types[i].isInterface()
                        && types[i].getPackage().equals(Kernels.class.getPackage())
                        && !types[i].equals(ConversionKernel.class);
                values[i] = isKernel
                        ? timed(components[i].getName(), types[i], value, bytes)
                        : types[i].equals(MapKernels.class) ? aroundAll(value, bytes) : value;
            }
            return set.getClass().getConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the kernels cannot be timed", e);
        }
    }

    /** Times a step that calls the wrapped kernels. */
    Step time(Runnable step) {
        totals = new LinkedHashMap<>();
        long start = clock.getAsLong();
        step.run();
        return new Step(clock.getAsLong() - start, totals);
    }

    private Object timed(String family, Class<?> type, Object kernel, int bytes) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            @Nullable Object[] given = arguments == null ? new Object[0] : arguments;
            var call =
                    new Call(family, method.getName(), shape(given), bytes * Traffic.numbers(method.getName(), given));
            Object result = time(call, () -> invoke(kernel, method, given));
            return result instanceof LateGradient late ? new TimedGradient(family, late, bytes) : result;
        });
    }

    /** A gradient whose computation is timed, unless it is part of another kernel. */
    private final class TimedGradient implements LateGradient {
        private final String family;
        private final LateGradient late;
        private final int bytes;

        TimedGradient(String family, LateGradient late, int bytes) {
            this.family = family;
            this.late = late;
            this.bytes = bytes;
        }

        @Override
        public void compute(int fromPixel, int toPixel, int fromChannel, int toChannel) {
            late.compute(fromPixel, toPixel, fromChannel, toChannel);
        }

        @Override
        public void computeAll(int pixels, int channels, Workers workers) {
            String method = Traffic.INPUT_GRADIENT;
            time(new Call(family, method, null, bytes * Traffic.numbers(method, pixels, channels)), () -> {
                late.computeAll(pixels, channels, workers);
                return null;
            });
        }
    }

    /** The work of a kernel. */
    @FunctionalInterface
    private interface Body<E extends Throwable> {
        @Nullable
        Object run() throws E;
    }

    private <E extends Throwable> @Nullable Object time(Call call, Body<E> body) throws E {
        if (busy) {
            return body.run();
        }
        busy = true;
        long start = clock.getAsLong();
        try {
            return body.run();
        } finally {
            long nanoseconds = clock.getAsLong() - start;
            busy = false;
            totals.put(call, totals.getOrDefault(call, Total.NOTHING).plus(nanoseconds));
        }
    }

    private static @Nullable Object invoke(Object kernel, Method method, @Nullable Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(kernel, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static @Nullable ConvolutionShape shape(@Nullable Object[] arguments) {
        for (Object argument : arguments) {
            if (argument instanceof ConvolutionShape shape) {
                return shape;
            }
        }
        return null;
    }
}
