package org.resnet4j.weights.torch;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.file.FreshFile;
import org.resnet4j.weights.AmbiguousWeightsException;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.torch.pickle.Opcode;

/**
 * One file for each kind of attack or damage, each rejected with a message that names the error; then random damage.
 */
class MalformedTorchTest {
    private static final Duration QUICK = Duration.ofSeconds(10);
    private static final byte[] FOUR_FLOATS = new byte[16];

    /** The size of the buffers and tables that the reader needs even for the smallest file. */
    private static final long FLAT_BYTES = 8 << 20;

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> attacksAreRefusedByNameAndNothingHappens() {
        return BrokenPickles.attacks(folder.resolve("touched").toString()).entrySet().stream()
                .map(attack -> DynamicTest.dynamicTest(attack.getKey(), () -> {
                    refused(HandMadeZip.torch(attack.getValue(), FOUR_FLOATS), attack.getKey());
                    refused(old(attack.getValue()), attack.getKey());
                    assertTrue(Files.notExists(folder.resolve("touched")), "something was executed");
                }));
    }

    @TestFactory
    Stream<DynamicTest> brokenPicklesAreRefused() {
        return BrokenPickles.broken().entrySet().stream()
                .map(broken -> DynamicTest.dynamicTest(
                        broken.getKey(),
                        () -> refused(HandMadeZip.torch(broken.getValue(), FOUR_FLOATS), broken.getKey())));
    }

    @Test
    void wholeObjectsAreRefusedByName() throws IOException {
        byte[] keys = new Pickle().op(Opcode.EMPTY_LIST).stop();
        byte[] module = new Pickle()
                .global("nets", "Net")
                .op(Opcode.EMPTY_TUPLE, Opcode.NEWOBJ, Opcode.EMPTY_DICT, Opcode.BUILD)
                .stop();
        // A name with a dot must not reach into a known module.
        byte[] dotted = new Pickle()
                .global("torch.storage", "UntypedStorage.__init__")
                .op(Opcode.EMPTY_TUPLE, Opcode.REDUCE)
                .stop();
        for (byte[] file : List.of(HandMadeZip.torch(module, FOUR_FLOATS), old(module, keys))) {
            refused(file, "whole Python object, 'nets.Net', and not a state dict");
        }
        for (byte[] file : List.of(HandMadeZip.torch(dotted, FOUR_FLOATS), old(dotted, keys))) {
            refused(file, "whole Python object, 'torch.storage.UntypedStorage.__init__'");
        }
    }

    @Test
    void selfContainingValuesAreNoTrouble() throws IOException {
        byte[] pickle = new Pickle()
                .op(Opcode.EMPTY_DICT, Opcode.BINPUT, 0, Opcode.MARK)
                .text("self")
                .op(Opcode.BINGET, 0)
                .text("list")
                .op(Opcode.EMPTY_LIST, Opcode.BINPUT, 1, Opcode.BINGET, 1, Opcode.APPEND)
                .text("w")
                .tensor("0", 4, 0, new long[] {4}, new long[] {1})
                .op(Opcode.SETITEMS)
                .stop();
        Path file = write(HandMadeZip.torch(pickle, FOUR_FLOATS));
        assertEquals(1, TorchFile.read(file).size());
    }

    @ParameterizedTest
    @CsvSource({
        "conv1.weight.npy, arrays of NumPy (.npz)",
        "model.weights.h5, a model of Keras (.keras)",
        "run/best.pth, the file run/best.pth; unpack it first"
    })
    void otherZipFilesAreRefusedWithTheirContents(String entry, String contents) throws IOException {
        refused(new HandMadeZip().stored(entry, FOUR_FLOATS).finish(), "the zip file holds " + contents);
    }

    @Test
    void zipFilesThatLieAreRefused() throws IOException {
        byte[] pickle = Pickle.stateDict("0", 4, 0, new long[] {4}, new long[] {1});
        assertDoesNotThrow(() -> TorchFile.read(write(HandMadeZip.torch(pickle, FOUR_FLOATS))));
        refused(
                zip(pickle)
                        .stored("a/data/0", FOUR_FLOATS)
                        .stored("a/data/0", FOUR_FLOATS)
                        .finish(),
                "two entries");
        for (String name : new String[] {"../x", "/x", "a/../../x", "a\\x", "a/\0", ""}) {
            refused(zip(pickle).stored(name, FOUR_FLOATS).finish(), "is not a valid name of an entry");
        }
        refused(zip(pickle).stored("b/data.pkl", pickle).finish(), "several folders");
        refused(new HandMadeZip().stored("a/x", pickle).finish(), "no folder with a data.pkl");
        refused(new HandMadeZip().stored("a/b/data.pkl", pickle).finish(), "no folder with a data.pkl");
        refused(zip(pickle).stored("a/byteorder", new byte[] {'x'}).finish(), "byte order is 'x'");
        int sum = HandMadeZip.checksum(FOUR_FLOATS);
        int at = zip(pickle).finish().length;
        refused(
                zip(pickle)
                        .entry("a/data/0", 0, FOUR_FLOATS, 16, 16, sum, at, 1)
                        .finish(),
                "differs|encrypted");
        refused(
                zip(pickle)
                        .entry("a/data/0", 9, FOUR_FLOATS, 16, 16, sum, at, 0)
                        .finish(),
                "differs|method 9");
        refused(zip(pickle).entry("a/data/0", 0, FOUR_FLOATS, 16, 16, sum, 0, 0).finish(), "differs");
        refused(
                zip(pickle)
                        .entry("a/data/0", 0, FOUR_FLOATS, 16, 16, sum, -9, 0)
                        .finish(),
                "not before the directory");
        refused(new HandMadeZip().stored("a/data.pkl", pickle).finish(7, 56), "lists 1 entries|directory");
        refused(zip(pickle).finish(1, 1_000_000_000), "over the limit");
        refused(zip(pickle).finish(1, 70), "is not before its end|not an entry of a zip");
    }

    @Test
    void entriesOverEachOtherAreRefused() throws IOException {
        byte[] pickle = Pickle.stateDict("0", 4, 0, new long[] {4}, new long[] {1});
        // The second entry is inside the first, which is its data.
        byte[] inner = new HandMadeZip().stored("a/data/0", FOUR_FLOATS).finish();
        byte[] entry = Arrays.copyOf(inner, 30 + "a/data/0".length() + FOUR_FLOATS.length);
        byte[] outer = zip(pickle).stored("a/outer", entry).finish();
        int place = zip(pickle).finish().length - 22 - 46 - "a/data.pkl".length() + 30 + "a/outer".length();
        byte[] both = new byte[outer.length + 46 + "a/data/0".length()];
        byte[] directory = Arrays.copyOfRange(inner, entry.length, inner.length - 22);
        int end = outer.length - 22;
        System.arraycopy(outer, 0, both, 0, end);
        System.arraycopy(directory, 0, both, end, directory.length);
        System.arraycopy(outer, end, both, end + directory.length, 22);
        putInt(both, end + 42, place);
        putInt(both, both.length - 22 + 8, 3 | 3 << 16);
        putInt(both, both.length - 22 + 12, getInt(outer, end + 12) + directory.length);
        refused(both, "overlap");
    }

    @Test
    void storedContentsThatDifferFromTheirChecksumAreRefused() throws IOException {
        byte[] pickle = Pickle.stateDict("0", 4, 0, new long[] {4}, new long[] {1});
        int at = zip(pickle).finish().length - 22 - 46 - "a/data.pkl".length();
        refused(
                zip(pickle).entry("a/data/0", 0, FOUR_FLOATS, 16, 16, 1, at, 0).finish(),
                "the contents of a/data/0 do not match their checksum");
        refused(
                new HandMadeZip()
                        .entry("a/data.pkl", 0, pickle, pickle.length, pickle.length, 1, 0, 0)
                        .stored("a/data/0", FOUR_FLOATS)
                        .finish(),
                "the contents of a/data.pkl do not match their checksum");
        // As PyTorch writes them with checksums disabled.
        Path without = write(
                zip(pickle).entry("a/data/0", 0, FOUR_FLOATS, 16, 16, 0, at, 0).finish());
        assertEquals(1, TorchFile.read(without).size());
    }

    /**
     * A pickle of a few megabytes that creates a value from every byte; its memory was once 130 times the file's size.
     */
    @Test
    void pickleThatIsAllValuesIsRefusedBeforeTheyAreMade() throws IOException {
        for (int[] repeated : List.of(
                new int[] {Opcode.EMPTY_DICT, Opcode.MEMOIZE, Opcode.POP},
                new int[] {Opcode.EMPTY_LIST, Opcode.APPEND},
                new int[] {Opcode.EMPTY_TUPLE, Opcode.TUPLE1, Opcode.MEMOIZE, Opcode.APPEND})) {
            var pickle = new ByteArrayOutputStream();
            pickle.writeBytes(
                    new Pickle().op(Opcode.PROTO, 4).op(Opcode.EMPTY_LIST).bytes());
            while (pickle.size() < 6_500_000) {
                for (int opcode : repeated) {
                    pickle.write(opcode);
                }
            }
            pickle.write(Opcode.STOP);
            byte[] file = zip(pickle.toByteArray()).finish();
            refusedWithin(30L * file.length, file, "instructions, the limit for a file of this size");
        }
    }

    @Test
    void deflatedBombsAreRefusedBeforeTheyAreInflated() throws IOException {
        byte[] pickle = Pickle.stateDict("0", 25 << 20, 0, new long[] {25 << 20}, new long[] {1});
        byte[] bomb = zip(pickle).deflated("a/data/0", new byte[100 << 20]).finish();
        assertTrue(bomb.length < 200_000, "the bomb is small");
        refusedFlat(bomb, "more than 16 times the file's size");
    }

    @Test
    void deflatedDataThatDifferFromTheirClaimAreRefused() throws IOException {
        byte[] pickle = Pickle.stateDict("0", 4, 0, new long[] {4}, new long[] {1});
        byte[] random = new byte[16];
        new Random(1).nextBytes(random);
        byte[] packed = HandMadeZip.deflate(random);
        byte[] longer = HandMadeZip.deflate(new byte[100_000]);
        int sum = HandMadeZip.checksum(random);
        int at = zip(pickle).finish().length - 22 - 46 - "a/data.pkl".length();
        Path good = write(zip(pickle)
                .entry("a/data/0", 8, packed, packed.length, 16, sum, at, 0)
                .finish());
        assertEquals(1, TorchFile.read(good).size());
        refused(
                zip(pickle)
                        .entry("a/data/0", 8, packed, packed.length, 16, 1, at, 0)
                        .finish(),
                "checksum");
        refused(
                zip(pickle)
                        .entry("a/data/0", 8, longer, longer.length, 16, sum, at, 0)
                        .finish(),
                "longer than the 16");
        refused(
                zip(pickle)
                        .entry("a/data/0", 8, new byte[] {3, 0}, 2, 16, sum, at, 0)
                        .finish(),
                "length or checksum");
        refused(zip(pickle).entry("a/data/0", 8, new byte[0], 0, 16, sum, at, 0).finish(), "ends early");
        refused(
                zip(pickle)
                        .entry("a/data/0", 8, new byte[] {-1, -1}, 2, 16, sum, at, 0)
                        .finish(),
                "damaged");
    }

    @Test
    void hugeClaimsUseNoMemory() throws IOException {
        refusedFlat(
                HandMadeZip.torch(
                        Pickle.stateDict("0", 25_000_000_000L, 0, new long[] {25_000_000_000L}, new long[] {1}),
                        FOUR_FLOATS),
                "its entry holds 16");
        refusedFlat(
                old(Pickle.stateDict("0", 25_000_000_000L, 0, new long[] {25_000_000_000L}, new long[] {1})),
                "is incomplete");
        refusedFlat(
                new Pickle()
                        .protocol()
                        .op(Opcode.BINUNICODE8)
                        .raw("\0\0\0\0\u0040\0\0\0")
                        .stop(),
                "over the limit");
        refusedFlat(
                HandMadeZip.torch(
                        Pickle.stateDict("0", 4, 0, new long[] {Integer.MAX_VALUE}, new long[1]), FOUR_FLOATS),
                "repeat the same few");
    }

    @Test
    void oldFilesThatLieAreRefused() throws IOException {
        byte[] pickle = Pickle.stateDict("0", 4, 0, new long[] {4}, new long[] {1});
        byte[] keys =
                new Pickle().op(Opcode.EMPTY_LIST).text("0").op(Opcode.APPEND).stop();
        byte[] four = new byte[] {4, 0, 0, 0, 0, 0, 0, 0};
        byte[] data = new byte[16];
        assertEquals(1, TorchFile.read(write(old(pickle, keys, four, data))).size());
        refused(old(pickle, keys, four, data, new byte[1]), "1 bytes follow");
        refused(old(pickle, keys, new byte[] {5, 0, 0, 0, 0, 0, 0, 0}, new byte[20]), "has 5 elements");
        refused(old(pickle, keys, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}), "has -1 elements");
        refused(old(pickle, keys, four, new byte[15]), "truncated");
        refused(old(pickle, new Pickle().op(Opcode.EMPTY_LIST).stop()), "'0' is missing");
        refused(old(pickle, new Pickle().op(Opcode.NONE).stop()), "are not a list");
        byte[] other =
                new Pickle().op(Opcode.EMPTY_LIST).text("1").op(Opcode.APPEND).stop();
        refused(old(pickle, other, four, data), "no tensor uses");
        byte[] twice = new Pickle()
                .op(Opcode.EMPTY_LIST)
                .text("0")
                .op(Opcode.APPEND)
                .text("0")
                .op(Opcode.APPEND)
                .stop();
        refused(old(pickle, twice, four, data, four, data), "listed twice");
        refused(new Pickle().protocol().op(Opcode.EMPTY_DICT).stop(), "not a torch.save file: the magic number");
        byte[] magic = Arrays.copyOf(old(pickle), 15);
        refused(join(magic, new Pickle().protocol().number(1000).stop()), "is not 1001");
        byte[] version = new Pickle().protocol().number(1001).stop();
        byte[] bigEndian = new Pickle()
                .protocol()
                .op(Opcode.EMPTY_DICT)
                .text("little_endian")
                .op(Opcode.NEWFALSE, Opcode.SETITEM)
                .stop();
        refused(join(magic, version, bigEndian, pickle), "little-endian machine");
    }

    @Test
    void filesOfOtherKindsAreNamed() throws IOException {
        refused(new byte[0], "an empty file");
        refused("<!DOCTYPE html>".getBytes(StandardCharsets.UTF_8), "a web page");
        refused("version https://git-lfs.github.com/spec/v1".getBytes(StandardCharsets.UTF_8), "Git LFS");
        refused(TorchFixtures.bytes("types.safetensors"), "a safetensors file");
        refused("hello, world".getBytes(StandardCharsets.UTF_8), "starts with 'hello, w'");
        refused("PK\3\4".getBytes(StandardCharsets.UTF_8), "no end record");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"types.pth", "types-old.pth", "views-old.pth", "checkpoint-old.pth", "deflated.pth", "nested.pth"
            })
    void everyCutOfAFileIsRefused(String name) throws IOException {
        byte[] good = TorchFixtures.bytes(name);
        for (int length = 0; length < good.length; length++) {
            Path cut = FreshFile.write(folder.resolve("cut.pth"), Arrays.copyOf(good, length));
            assertThrows(MalformedFileException.class, () -> TorchFile.read(cut));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"checkpoint.pth", "checkpoint-old.pth", "views-old.pth", "deflated.pth"})
    void randomDamageGivesAMessageOrAFile(String name) throws IOException {
        byte[] good = TorchFixtures.bytes(name);
        var random = new Random(20260101);
        int refused = 0;
        for (int round = 0; round < 1500; round++) {
            byte[] bytes = good.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                int place = random.nextInt(bytes.length);
                bytes[place] =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : bytes[place] ^ (1 << random.nextInt(8)));
            }
            Path damaged = FreshFile.write(folder.resolve("damaged.pth"), bytes);
            try {
                TorchFile.read(damaged);
            } catch (MalformedFileException | AmbiguousWeightsException expected) {
                refused++;
            }
        }
        assertTrue(refused > 300, "only " + refused + " of 1500 damaged files were refused");
    }

    private static HandMadeZip zip(byte[] pickle) {
        return new HandMadeZip().stored("a/data.pkl", pickle);
    }

    /** Returns a file of the older format with a pickle and what follows it. */
    private static byte[] old(byte[] pickle, byte[]... rest) {
        byte[] start = new Pickle()
                .protocol()
                .op(Opcode.LONG1, 10)
                .raw("\u006c\u00fc\u009c\u0046\u00f9\u0020\u006a\u00a8\u0050\u0019")
                .op(Opcode.STOP)
                .protocol()
                .op(Opcode.BININT2, 0xe9, 3, Opcode.STOP)
                .protocol()
                .op(Opcode.EMPTY_DICT)
                .text("little_endian")
                .op(Opcode.NEWTRUE, Opcode.SETITEM)
                .stop();
        return join(start, pickle, join(rest));
    }

    private static byte[] join(byte[]... parts) {
        var joined = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int place = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, joined, place, part.length);
            place += part.length;
        }
        return joined;
    }

    private static void putInt(byte[] bytes, int place, int value) {
        for (int i = 0; i < 4; i++) {
            bytes[place + i] = (byte) (value >> (8 * i));
        }
    }

    private static int getInt(byte[] bytes, int place) {
        return (bytes[place] & 0xff) | (bytes[place + 1] & 0xff) << 8 | (bytes[place + 2] & 0xff) << 16;
    }

    private Path write(byte[] bytes) throws IOException {
        return FreshFile.write(folder.resolve("hand-made.pth"), bytes);
    }

    /**
     * Checks that a file is rejected.
     *
     * @param reason alternative parts of the message, separated by {@code |}
     */
    private void refused(byte[] bytes, String reason) throws IOException {
        Path file = write(bytes);
        var thrown = assertTimeout(QUICK, () -> assertThrows(MalformedFileException.class, () -> TorchFile.read(file)));
        assertTrue(
                Arrays.stream(reason.split("\\|")).anyMatch(thrown.reason()::contains),
                "expected '" + reason + "' but was: " + thrown.getMessage());
        assertTrue(thrown.getMessage().contains(file.toString()), thrown.getMessage());
    }

    private void refusedFlat(byte[] bytes, String reason) throws IOException {
        refusedWithin(FLAT_BYTES, bytes, reason);
    }

    private void refusedWithin(long most, byte[] bytes, String reason) throws IOException {
        refused(bytes, reason); // loads the classes
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        refused(bytes, reason);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < most, allocated + " bytes were allocated");
    }
}
