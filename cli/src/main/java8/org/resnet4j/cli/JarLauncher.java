package org.resnet4j.cli;

/**
 * The main class of the jars: starts the command on Java 25, and says on an older Java what is missing. It is compiled for
 * Java 8, whose JVM could not load the classes of the command.
 */
public final class JarLauncher {
    private static final int NEEDED = 25;

    private JarLauncher() {}

    public static void main(String[] arguments) throws Exception {
        String version = System.getProperty("java.specification.version");
        if (version.startsWith("1.") || Integer.parseInt(version) < NEEDED) {
            System.err.println("resnet4j requires Java " + NEEDED + " or newer, and this is Java " + version + " in "
                    + System.getProperty("java.home"));
            System.err.println("Install one, for example Eclipse Temurin " + NEEDED + " from https://adoptium.net");
            System.exit(1);
        }
        Restart.run(arguments);
    }
}
