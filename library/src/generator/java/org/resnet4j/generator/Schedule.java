package org.resnet4j.generator;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The methods that compute a transform, in the order of their calls.
 *
 * @param constants the coefficients that the methods use, in the order of their declaration
 */
record Schedule(List<Part> parts, List<Constant> constants) {
    /** Returns the schedule of a transform without constants that one method computes. */
    static Schedule whole(Integer... lines) {
        return new Schedule(List.of(Part.of("", "", lines)), List.of());
    }

    /**
     * Writes the public method, and the methods of its parts if there are several.
     *
     * @param body writes the statements that follow the declarations of the constants
     */
    void write(Source source, String name, String parameters, Consumer<Part> body) {
        source.blank().add("@Override").open("public void " + name + "(" + parameters + ")");
        if (parts.size() == 1) {
            declared(source, parts.getFirst(), body);
            return;
        }
        for (Part part : parts) {
            source.add(part.method() + "(" + arguments(parameters) + ");");
        }
        source.close();
        for (Part part : parts) {
            source.blank().javadoc(part.documentation());
            source.open("private static void " + part.method() + "(" + parameters + ")");
            declared(source, part, body);
        }
    }

    private void declared(Source source, Part part, Consumer<Part> body) {
        constants.forEach(constant -> source.add(constant.declaration()));
        body.accept(part);
        source.close();
    }

    private static String arguments(String parameters) {
        return Arrays.stream(parameters.split(","))
                .map(parameter ->
                        parameter.substring(parameter.lastIndexOf(' ') + 1).strip())
                .collect(Collectors.joining(", "));
    }
}
