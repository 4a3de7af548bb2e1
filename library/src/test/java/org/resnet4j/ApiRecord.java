package org.resnet4j;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.TypeVariable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The public API as lines of text: the types of exported packages with their public and protected members. */
final class ApiRecord {
    private static final int MEMBER_MODIFIERS =
            Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC | Modifier.FINAL | Modifier.ABSTRACT;

    /** Overridden everywhere, and the same for every caller. */
    private static final Set<String> OF_EVERY_OBJECT = Set.of("equals", "hashCode", "toString");

    /** Made by the compiler for every enum. */
    private static final Set<String> OF_EVERY_ENUM = Set.of("values", "valueOf");

    private final Set<String> exported;
    private final List<String> lines = new ArrayList<>();

    private ApiRecord(ModuleDescriptor module) {
        exported = module.exports().stream()
                .filter(export -> !export.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toSet());
    }

    /**
     * Returns the API of the module in a folder of classes.
     *
     * @param classes the folder, whose classes this JVM loads as well
     */
    static List<String> of(Path classes) throws IOException {
        ModuleReference module = ModuleFinder.of(classes).findAll().iterator().next();
        var record = new ApiRecord(module.descriptor());
        try (ModuleReader reader = module.open();
                Stream<String> names = reader.list()) {
            names.filter(name -> name.endsWith(".class"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .filter(name -> !name.endsWith("-info"))
                    .map(ApiRecord::load)
                    .filter(record::isListed)
                    .sorted(Comparator.comparing(Class::getName))
                    .forEach(record::add);
        }
        return record.lines;
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, ApiRecord.class.getClassLoader());
        } catch (ClassNotFoundException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private boolean isListed(Class<?> type) {
        return exported.contains(type.getPackageName()) && isAccessible(type);
    }

    private static boolean isAccessible(Class<?> type) {
        return isVisible(type.getModifiers())
                && !type.isSynthetic()
                && (type.getEnclosingClass() == null || isAccessible(type.getEnclosingClass()));
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private void add(Class<?> type) {
        var supertypes = new ArrayList<AnnotatedType>();
        if (type.getAnnotatedSuperclass() != null) {
            supertypes.add(type.getAnnotatedSuperclass());
        }
        supertypes.addAll(List.of(type.getAnnotatedInterfaces()));
        String above = supertypes.stream()
                .map(ApiRecord::text)
                .filter(name -> !name.equals("Object") && !name.equals("Record") && !name.startsWith("Enum<"))
                .collect(joining(", "));
        lines.add(shortened(type.toGenericString()) + (above.isEmpty() ? "" : " : " + above));
        var members = new TreeSet<String>();
        addMembers(type, type, members);
        members.forEach(member -> lines.add(shortened(type.getName()) + ": " + member));
    }

    /** Adds the members that callers see in a type, those of supertypes that are hidden from them included. */
    private void addMembers(Class<?> type, Class<?> seen, Set<String> members) {
        for (Field field : type.getDeclaredFields()) {
            if (isMember(field.getModifiers(), field.isSynthetic())) {
                members.add(modifiers(field.getModifiers()) + text(field.getAnnotatedType()) + " " + field.getName());
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            boolean isUsual = OF_EVERY_OBJECT.contains(method.getName())
                    || type.isEnum() && OF_EVERY_ENUM.contains(method.getName());
            if (isMember(method.getModifiers(), method.isSynthetic()) && !isUsual) {
                members.add((method.isDefault() ? "default " : "") + signature(method, method.getName()));
            }
        }
        if (type == seen) {
            for (Constructor<?> constructor : type.getDeclaredConstructors()) {
                if (isMember(constructor.getModifiers(), constructor.isSynthetic())) {
                    members.add(signature(constructor, "new"));
                }
            }
        }
        Stream.concat(Stream.ofNullable(type.getSuperclass()), Arrays.stream(type.getInterfaces()))
                .filter(above -> above.getName().startsWith("org.resnet4j.") && !isListed(above))
                .forEach(above -> addMembers(above, seen, members));
    }

    private static boolean isMember(int modifiers, boolean synthetic) {
        return isVisible(modifiers) && !synthetic;
    }

    private static String signature(Executable executable, String name) {
        String result = executable instanceof Constructor ? "" : text(executable.getAnnotatedReturnType()) + " ";
        String parameters = Arrays.stream(executable.getAnnotatedParameterTypes())
                .map(ApiRecord::text)
                .collect(joining(", "));
        String exceptions = Arrays.stream(executable.getAnnotatedExceptionTypes())
                .map(ApiRecord::text)
                .sorted()
                .collect(joining(", "));
        return modifiers(executable.getModifiers())
                + typeParameters(executable.getTypeParameters())
                + result
                + name
                + "(" + parameters + (executable.isVarArgs() ? "..." : "") + ")"
                + (exceptions.isEmpty() ? "" : " throws " + exceptions);
    }

    private static String typeParameters(TypeVariable<?>[] variables) {
        return variables.length == 0
                ? ""
                : Arrays.stream(variables)
                        .map(variable -> variable.getName() + " extends "
                                + Arrays.stream(variable.getAnnotatedBounds())
                                        .map(ApiRecord::text)
                                        .collect(joining(" & ")))
                        .collect(joining(", ", "<", "> "));
    }

    private static String modifiers(int modifiers) {
        String all = Modifier.toString(modifiers & MEMBER_MODIFIERS);
        return all.isEmpty() ? "" : all + " ";
    }

    private static String text(AnnotatedType type) {
        return shortened(type.toString().replace("@org.jspecify.annotations.Nullable()", "@Nullable"));
    }

    private static String shortened(String types) {
        return types.replaceAll("\\bjava\\.lang\\.(?=@|[A-Z])", "")
                .replaceAll("\\borg\\.resnet4j\\.", "")
                .replace('$', '.');
    }
}
