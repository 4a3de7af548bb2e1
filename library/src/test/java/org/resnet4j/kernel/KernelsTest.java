package org.resnet4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.kernel.machine.MachineKernels;
import org.resnet4j.kernel.pairs.PairConvolution;
import org.resnet4j.kernel.vector.VectorKernels;
import org.resnet4j.kernel.vector.product.VectorOuterProduct;
import org.resnet4j.kernel.vector.product.VectorTiles;
import org.resnet4j.machine.MachineCode;
import org.resnet4j.machine.x64.Feature;
import org.resnet4j.machine.x64.Processor;

class KernelsTest {
    /** Without the module, all other tests of this package would test the fallback, or fail with unclear errors. */
    @Test
    void testsRunWithTheVectorModule() {
        assertTrue(KernelLookup.isVectorAvailable(), "run the tests with --add-modules jdk.incubator.vector");
    }

    @Test
    void bestIsVectorWhereTheModuleIs() {
        assertEquals(KernelLookup.vector().name(), KernelLookup.best().name());
    }

    @Test
    void nameTellsTheWidthOfTheVectors() {
        String vectors =
                "vector, " + 32 * VectorTiles.LANES + " bit" + (FusedMultiplyAdd.IS_INSTRUCTION ? "" : " without FMA");
        assertEquals(vectors, KernelLookup.vector().name());
        boolean machine = MachineKernels.product().kernel().isPresent();
        assertEquals(machine ? "machine code" : vectors, KernelLookup.soonest().name());
        assertEquals("scalar", KernelLookup.scalar().name());
    }

    /** Without this test, kernels in machine code could be missing and nothing would fail. */
    @Test
    void firstCallsRunInMachineCodeUnlessSomethingIsInTheWay() throws Exception {
        boolean machine = MachineKernels.product().kernel().isPresent();
        assertEquals(machine, KernelLookup.soonest().prediction().isFastAtOnce());
        assertFalse(VectorKernels.create().prediction().isFastAtOnce());
        if (MachineCode.obstacle() == null && Processor.features().contains(Feature.AVX512F)) {
            assertTrue(machine);
        }
    }

    @Test
    void weightGradientsAreSummedInMachineCodeUnlessSomethingIsInTheWay() throws Exception {
        boolean machine = MachineKernels.outerProduct().kernel().isPresent();
        assertEquals(machine, !(KernelLookup.outerProduct() instanceof VectorOuterProduct));
        if (MachineCode.obstacle() == null && Processor.features().contains(Feature.AVX512F)) {
            assertTrue(machine);
        }
    }

    @Test
    void withoutTheModuleScalarKernelsComputeAndOneWarningSaysWhy(@TempDir Path folder) throws Exception {
        Result result = run(folder, FallbackProgram.class, List.of());
        assertEquals(0, result.exit, result.errors);
        assertEquals("scalar, center 9.0, corner 4.0", result.output.strip());
        long warnings =
                result.errors.lines().filter(line -> line.contains("WARNING")).count();
        assertEquals(1, warnings, result.errors);
        assertTrue(result.errors.contains("--add-modules jdk.incubator.vector"), result.errors);
    }

    @Test
    void withTheModuleVectorKernelsComputeAndResnet4jWarnsOfNothing(@TempDir Path folder) throws Exception {
        Result result = run(folder, FallbackProgram.class, List.of("--add-modules", "jdk.incubator.vector"));
        assertEquals(0, result.exit, result.errors);
        assertTrue(result.output.startsWith("vector, "), result.output);
        assertTrue(result.output.strip().endsWith(" bit, center 9.0, corner 4.0"), result.output);
        assertTrue(!result.errors.contains("resnet4j"), result.errors);
    }

    /** A first call needs neither the Vector API nor its warning where there is machine code. */
    @Test
    void aFirstCallWithoutTheModuleHasTheSameBits(@TempDir Path folder) throws Exception {
        assumeTrue(MachineKernels.product().kernel().isPresent(), "no machine code");
        Result result = run(folder, FirstCallProgram.class, List.of("--enable-native-access=ALL-UNNAMED"));
        assertEquals(0, result.exit, result.errors);
        assertEquals("", result.errors);
        String here = FirstCallProgram.describe(VectorKernels.create());
        assertEquals("machine code" + here.substring(here.indexOf(", hash")), result.output.strip());
    }

    @Test
    void featureMapsInBFloat16AreComputedInMachineCodeUnlessSomethingIsInTheWay(@TempDir Path folder) throws Exception {
        String vectors = VectorKernels.create().name();
        var vectorModule = List.of("--add-modules", "jdk.incubator.vector");
        boolean machine = MachineKernels.pairProduct().kernel().isPresent();
        assertEquals(
                machine ? MachineKernels.BFLOAT16 : vectors,
                KernelLookup.best().bfloat16().name());
        assertEquals(machine, KernelLookup.best().bfloat16().convolution() instanceof PairConvolution);
        if (MachineCode.obstacle() == null && Processor.features().contains(Feature.AVX512_BF16)) {
            assertTrue(machine);
            Result unasked = run(folder, PairsProgram.class, vectorModule);
            String unaskedName = unasked.output.strip();
            assertTrue(unaskedName.startsWith("vector, "), unasked.output + unasked.errors);
            assertTrue(
                    unasked.errors.contains("bfloat16 is trained without machine code, no faster than float32 ("
                            + unaskedName + "): Java was started without --enable-native-access=ALL-UNNAMED"),
                    unasked.errors);
            var allowed = new ArrayList<>(vectorModule);
            allowed.add("--enable-native-access=ALL-UNNAMED");
            Result asked = run(folder, PairsProgram.class, allowed);
            assertEquals(MachineKernels.BFLOAT16, asked.output.strip(), asked.errors);
            assertTrue(!asked.errors.contains("resnet4j"), asked.errors);
            allowed.add("-D" + MachineCode.PROPERTY + "=off");
            Result off = run(folder, PairsProgram.class, allowed);
            assertEquals(unaskedName, off.output.strip(), off.errors);
            assertTrue(off.errors.contains("it is switched off by -Dresnet4j.machine=off"), off.errors);
        }
    }

    private record Result(int exit, String output, String errors) {}

    /** Runs a program in a separate JVM. */
    private static Result run(Path folder, Class<?> program, List<String> options)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), program.getName()));
        Path output = folder.resolve("output");
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the program does not end");
        } finally {
            process.destroyForcibly();
        }
        return new Result(
                process.exitValue(),
                Files.readString(output, StandardCharsets.UTF_8),
                Files.readString(errors, StandardCharsets.UTF_8));
    }

    /** Returns the locations of the classes of the library and of the tests. */
    private static String classPath() {
        return place(Kernels.class) + File.pathSeparator + place(FallbackProgram.class);
    }

    private static String place(Class<?> type) {
        return Path.of(URI.create(
                        type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }
}
