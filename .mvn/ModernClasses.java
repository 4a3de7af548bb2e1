import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.attribute.StackMapTableAttribute;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A converter of class files of Java 5 and older in the jars of a folder to Java 8, with unchanged code and the stack
 * maps that the newer verifier requires. The JVM's ahead-of-time cache cannot contain older classes, such as those of
 * picocli (Java 5), and loading them from jars takes a considerable part of the command's startup.
 *
 * <p>The argument is the folder. Jars without old classes are not modified.
 */
final class ModernClasses {
    private static final int JAVA_8 = 52;

    /** The first class file version with stack maps. */
    private static final int JAVA_6 = 50;

    /** The time of all entries, so that the bytes depend neither on the time nor on the time zone. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    private ModernClasses() {}

    public static void main(String[] arguments) throws IOException {
        try (var jars = Files.newDirectoryStream(Path.of(arguments[0]), "*.jar")) {
            for (Path jar : jars) {
                if (hasOldClasses(jar)) {
                    Path changed = Files.createTempFile(jar.getParent(), "modern", ".tmp");
                    try {
                        rewrite(jar, changed);
                        Files.move(changed, jar, StandardCopyOption.REPLACE_EXISTING);
                    } finally {
                        Files.deleteIfExists(changed);
                    }
                }
            }
        }
    }

    private static boolean hasOldClasses(Path jar) throws IOException {
        try (var zip = new ZipFile(jar.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                if (isClass(entry)) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        if (isOld(in.readNBytes(8))) {
                            return true;
                        }
                    }
                }
            }
            return false;
        }
    }

    private static void rewrite(Path jar, Path changed) throws IOException {
        try (var zip = new ZipFile(jar.toFile());
                OutputStream file = Files.newOutputStream(changed);
                var out = new ZipOutputStream(file)) {
            ClassHierarchyResolver own = ClassHierarchyResolver.ofResourceParsing(type -> open(zip, type));
            ClassFile classes = ClassFile.of(
                    ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                    ClassFile.ClassHierarchyResolverOption.of(
                            own.orElse(ClassHierarchyResolver.defaultResolver()).cached()));
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                byte[] bytes;
                try (InputStream in = zip.getInputStream(entry)) {
                    bytes = in.readAllBytes();
                }
                var copy = new ZipEntry(entry.getName());
                copy.setTimeLocal(TIME);
                out.putNextEntry(copy);
                out.write(isClass(entry) && isOld(bytes) ? modern(classes, bytes) : bytes);
                out.closeEntry();
            }
        }
    }

    private static byte[] modern(ClassFile classes, byte[] bytes) {
        ClassModel old = classes.parse(bytes);
        ClassTransform same = ClassTransform.endHandler(builder -> builder.withVersion(JAVA_8, 0));
        return classes.transformClass(
                old,
                ClassTransform.transformingMethodBodies((builder, element) -> {
                            if (!(element instanceof StackMapTableAttribute)) {
                                builder.with(element);
                            }
                        })
                        .andThen(same));
    }

    private static boolean isClass(ZipEntry entry) {
        return entry.getName().endsWith(".class");
    }

    private static boolean isOld(byte[] bytes) {
        return bytes.length >= 8 && ((bytes[6] & 0xff) << 8 | bytes[7] & 0xff) < JAVA_6;
    }

    private static InputStream open(ZipFile zip, ClassDesc type) {
        String descriptor = type.descriptorString();
        ZipEntry entry = zip.getEntry(descriptor.substring(1, descriptor.length() - 1) + ".class");
        try {
            return entry == null ? null : zip.getInputStream(entry);
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }
}
