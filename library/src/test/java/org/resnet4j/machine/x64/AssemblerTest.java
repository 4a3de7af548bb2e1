package org.resnet4j.machine.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The encodings of instructions beside those of GNU as; machine_code_fixtures.py writes them. */
class AssemblerTest {
    private static final Pattern MEMORY =
            Pattern.compile("\\[(\\w+)(?:\\+(\\w+)\\*(\\d))?([+-]\\d+)?\\](?:\\{(k\\d)\\})?");
    private static final Pattern VECTOR = Pattern.compile("([xyz])mm(\\d+)(?:\\{(k\\d)\\})?(\\{z\\})?");
    private static final List<String> NARROW = List.of("eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi");

    private static List<String> fixtures() throws IOException {
        try (var stream = AssemblerTest.class.getResourceAsStream("encodings.txt")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    private static Register register(String name) {
        int narrow = NARROW.indexOf(name);
        if (narrow >= 0) {
            return Register.values()[narrow];
        }
        return Register.valueOf(name.toUpperCase(Locale.ROOT).replaceFirst("D$", ""));
    }

    private static Mask mask(String name) {
        return name == null ? Mask.K0 : Mask.valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** Parses an operand in Intel's syntax. */
    private static Object operand(String text) {
        Matcher vector = VECTOR.matcher(text);
        if (vector.matches()) {
            var length = Vector.Length.valueOf(vector.group(1).toUpperCase(Locale.ROOT) + "MM");
            return new Vector(
                    Integer.parseInt(vector.group(2)), length, mask(vector.group(3)), vector.group(4) != null);
        }
        Matcher memory = MEMORY.matcher(text.replaceFirst("\\w+ PTR ", ""));
        if (memory.matches()) {
            return new Memory(
                    register(memory.group(1)),
                    memory.group(2) == null ? null : register(memory.group(2)),
                    memory.group(3) == null ? 1 : Integer.parseInt(memory.group(3)),
                    memory.group(4) == null ? 0 : Integer.parseInt(memory.group(4)),
                    mask(memory.group(5)));
        }
        if (text.matches("k\\d")) {
            return mask(text);
        }
        return text.matches("-?\\d+") ? (Object) Integer.valueOf(text) : register(text);
    }

    private static Class<?> type(Object operand) {
        return operand instanceof Integer ? int.class : operand.getClass();
    }

    private static Method method(String name, List<Object> operands) {
        Class<?>[] types = operands.stream().map(AssemblerTest::type).toArray(Class<?>[]::new);
        try {
            return Assembler.class.getMethod(name, types);
        } catch (NoSuchMethodException missing) {
            throw new AssertionError(name + Arrays.toString(types), missing);
        }
    }

    @Test
    void everyInstructionHasTheBytesOfTheAssembler() throws Exception {
        Set<Method> covered = new HashSet<>();
        for (String line : fixtures()) {
            String[] parts = line.split(" \\| ");
            String[] words = parts[0].split(" ", 2);
            var operands = new ArrayList<Object>();
            if (words.length > 1) {
                Arrays.stream(words[1].split(", ")).map(AssemblerTest::operand).forEach(operands::add);
            }
            Method method = method(words[0], operands);
            covered.add(method);
            var assembler = new Assembler();
            try {
                method.invoke(assembler, operands.toArray());
            } catch (InvocationTargetException failure) {
                throw new AssertionError(line, failure.getCause());
            }
            assertEquals(parts[1], HexFormat.of().formatHex(assembler.toBytes()), parts[0]);
        }
        for (Method method : Assembler.class.getDeclaredMethods()) {
            boolean hasLabel = Arrays.asList(method.getParameterTypes()).contains(Label.class);
            if (Modifier.isPublic(method.getModifiers())
                    && !hasLabel
                    && !method.getName().equals("toBytes")) {
                assertTrue(covered.contains(method), method + " has no fixture");
            }
        }
    }

    @Test
    void jumpsLeadToTheirLabelsForwardsAndBackwards() {
        var assembler = new Assembler();
        var start = new Label();
        var end = new Label();
        assembler.bind(start);
        assembler.jl(end);
        assembler.jmp(start);
        assembler.bind(end);
        assembler.jne(start);
        // {disp32} jl end; {disp32} jmp start; end: {disp32} jne start
        assertEquals(
                "0f8c05000000" + "e9f5ffffff" + "0f85efffffff", HexFormat.of().formatHex(assembler.toBytes()));
    }

    @Test
    void mistakesAreRefused() {
        var assembler = new Assembler();
        var nowhere = new Label();
        assembler.jmp(nowhere);
        assertThrows(IllegalStateException.class, assembler::toBytes);
        assembler.bind(nowhere);
        assertEquals(5, assembler.toBytes().length);
        assertThrows(IllegalStateException.class, () -> assembler.bind(nowhere));
        assertThrows(IllegalArgumentException.class, () -> Memory.at(Register.RAX, Register.RSP));
        assertThrows(IllegalArgumentException.class, () -> Vector.zmm(Vector.COUNT));
        assertThrows(IllegalArgumentException.class, () -> Vector.zmm(0).zeroed(Mask.K0));
    }
}
