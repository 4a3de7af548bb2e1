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

/**
 * Times the kernels of a step: stands before each of them and takes the time between call and return. For the one thread
 * that computes the step; kernels that a kernel calls count as its own time.
 */
final class KernelTimer {
    /**
     * Which kernel was called.
     *
     * @param family the component of {@link Kernels}
     * @param method of the family's interface
     * @param shape the convolution that it was called for, if there is one among its arguments
     */
    record Call(String family, String method, @Nullable ConvolutionShape shape) {}

    /** What all calls of one kind took in a step. */
    record Total(int calls, long nanoseconds) {
        private static final Total NOTHING = new Total(0, 0);

        Total plus(long more) {
            return new Total(calls + 1, nanoseconds + more);
        }
    }

    /**
     * One step.
     *
     * @param nanoseconds from its beginning to its end
     * @param totals of the kernels, in the order in which they came first
     */
    record Step(long nanoseconds, Map<Call, Total> totals) {}

    private final LongSupplier clock;
    private Map<Call, Total> totals = new LinkedHashMap<>();
    private boolean busy;

    /** @param clock in nanoseconds */
    KernelTimer(LongSupplier clock) {
        this.clock = clock;
    }

    /** The same kernels, timed. */
    Kernels around(Kernels kernels) {
        RecordComponent[] components = Kernels.class.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                Object value = components[i].getAccessor().invoke(kernels);
                values[i] = types[i].isInterface() ? timed(components[i].getName(), types[i], value) : value;
            }
            return Kernels.class.getConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the kernels cannot be timed", e);
        }
    }

    /** Does a step, which calls the timed kernels. */
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
