package org.resnet4j.benchmarks;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.MapKernels;

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
     */
    record Call(String family, String method, @Nullable ConvolutionShape shape) {}

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
        return Kernels.class.cast(aroundAll(kernels));
    }

    /** Wraps the kernels of a set, and of the sets in it. */
    private Object aroundAll(Object set) {
        RecordComponent[] components = set.getClass().getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                Object value = components[i].getAccessor().invoke(set);
                boolean isKernel =
                        types[i].isInterface() && types[i].getPackage().equals(Kernels.class.getPackage());
                values[i] = isKernel
                        ? timed(components[i].getName(), types[i], value)
                        : types[i].equals(MapKernels.class) ? aroundAll(value) : value;
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

    private Object timed(String family, Class<?> type, Object kernel) {
        return Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> time(family, kernel, method, arguments));
    }

    private @Nullable Object time(String family, Object kernel, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (busy) {
            return invoke(kernel, method, arguments);
        }
        var call = new Call(family, method.getName(), shape(arguments));
        busy = true;
        long start = clock.getAsLong();
        try {
            return invoke(kernel, method, arguments);
        } finally {
            long nanoseconds = clock.getAsLong() - start;
            busy = false;
            totals.put(call, totals.getOrDefault(call, Total.NOTHING).plus(nanoseconds));
        }
    }

    private static @Nullable Object invoke(Object kernel, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(kernel, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static @Nullable ConvolutionShape shape(@Nullable Object @Nullable [] arguments) {
        if (arguments != null) {
            for (Object argument : arguments) {
                if (argument instanceof ConvolutionShape shape) {
                    return shape;
                }
            }
        }
        return null;
    }
}
