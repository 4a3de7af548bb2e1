package org.resnet4j.generator;

/** The text of a Java class under construction. The formatter breaks and indents its lines. */
final class Source {
    private final StringBuilder text = new StringBuilder();
    private final String access;

    /**
     * Starts a class.
     *
     * @param isPublic true if the class and its offered members are public, false if they are package-private
     */
    Source(boolean isPublic) {
        this.access = isPublic ? "public " : "";
    }

    /** Appends lines. */
    Source add(String lines) {
        text.append(lines).append('\n');
        return this;
    }

    /** Appends an empty line. */
    Source blank() {
        return add("");
    }

    /** Appends a javadoc comment. */
    Source javadoc(String comment) {
        if (!comment.contains("\n")) {
            return add("/** " + comment + " */");
        }
        add("/**");
        comment.lines().forEach(line -> add((" * " + line).stripTrailing()));
        return add(" */");
    }

    /** Appends {@code header} and an opening brace. */
    Source open(String header) {
        return add(header + " {");
    }

    /** Appends the declaration of a class or member that other classes use, and an opening brace. */
    Source openOffered(String header) {
        return open(access + header);
    }

    /** Appends the declaration of a field that other classes use. */
    Source offered(String field) {
        return add(access + field);
    }

    /** Appends a closing brace. */
    Source close() {
        return add("}");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
