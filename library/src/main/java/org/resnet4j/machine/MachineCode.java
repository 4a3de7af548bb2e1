package org.resnet4j.machine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Machine code in executable memory. The memory is never writable and executable at once, equal code shares it, and it
 * is released when nothing refers to it any more.
 */
public final class MachineCode {
    /** The system property that forbids machine code if it is {@code off}. */
    public static final String PROPERTY = "resnet4j.machine";

    private static final byte RETURN = (byte) 0xc3;
    private static final Map<ByteBuffer, WeakReference<MemorySegment>> LOADED = new HashMap<>();

    private MachineCode() {}

    /**
     * Returns the reason why this JVM cannot run machine code, or null if it can. The reason continues a sentence: "no
     * native access".
     */
    public static @Nullable String obstacle() {
        return Obstacle.REASON;
    }

    /** The reason, found once. */
    private static final class Obstacle {
        private static final @Nullable String REASON = find();

        private static @Nullable String find() {
            if (System.getProperty(PROPERTY, "").equals("off")) {
                return "it is switched off by -D" + PROPERTY + "=off";
            }
            String system = System.getProperty("os.name");
            String processor = System.getProperty("os.arch");
            if (!system.equals("Linux") || !processor.equals("amd64")) {
                return "there is none for " + system + " on " + processor;
            }
            Module module = MachineCode.class.getModule();
            if (!module.isNativeAccessEnabled()) {
                return "Java was started without --enable-native-access="
                        + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
            }
            try {
                load(new byte[] {RETURN});
                return null;
            } catch (RefusedMemoryException refused) {
                return refused.getMessage();
            }
        }
    }

    /**
     * Loads code into executable memory. Must be called only if there is no {@link #obstacle}.
     *
     * @return the entry of the code, which is released when it is unreachable
     * @throws RefusedMemoryException if the operating system has no executable memory for this process
     */
    public static MemorySegment load(byte[] code) throws RefusedMemoryException {
        synchronized (LOADED) {
            LOADED.values().removeIf(reference -> reference.get() == null);
            ByteBuffer key = ByteBuffer.wrap(code.clone());
            WeakReference<MemorySegment> reference = LOADED.get(key);
            MemorySegment loaded = reference == null ? null : reference.get();
            if (loaded == null) {
                loaded = SystemMemory.executable(code);
                LOADED.put(key, new WeakReference<>(loaded));
            }
            return loaded;
        }
    }

    /**
     * Returns the caller of code with the given parameters. Its first argument is the entry of the code; arrays on the
     * heap are passed as they are. The garbage collector waits for the end of a call, so calls have to be short. Nothing
     * checks what the code does with memory.
     */
    @SuppressWarnings("restricted") // the obstacles are checked before anything is called
    public static MethodHandle caller(FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(descriptor, Linker.Option.critical(true));
    }
}
