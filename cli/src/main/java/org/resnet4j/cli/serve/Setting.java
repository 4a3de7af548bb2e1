package org.resnet4j.cli.serve;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * The value of an option that is not on the command line.
 *
 * @param name the name of the option, without hyphens before it
 * @param origin the environment variable, or the file and the number of the line
 */
record Setting(String name, String value, String origin) {
    private static final String COMMENT = "#";

    /**
     * Reads a file of lines {@code name = value}. Lines that begin with {@code #} are comments. Names and values have no
     * escape sequences; spaces around them do not count.
     *
     * @throws ParameterException if a line has another form
     */
    static List<Setting> read(CommandSpec command, Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new ParameterException(command.commandLine(), "--config " + file + ": this is a folder");
        }
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (CharacterCodingException binary) {
            throw new ParameterException(
                    command.commandLine(), "--config " + file + ": this is not a text in UTF-8", binary);
        }
        var settings = new ArrayList<Setting>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith(COMMENT)) {
                continue;
            }
            String origin = file + ":" + (i + 1);
            int sign = line.indexOf('=');
            String name = line.substring(0, Math.max(0, sign)).strip();
            String value = line.substring(sign + 1).strip();
            if (name.isEmpty() || value.isEmpty()) {
                throw new ParameterException(command.commandLine(), origin + ": a setting has the form NAME = VALUE");
            }
            settings.add(new Setting(name, value, origin));
        }
        return settings;
    }

    /** Returns the text of this setting in a file. */
    static String text(String name, Object value) {
        return name + " = " + value;
    }

    static String comment(String text) {
        return COMMENT + " " + text;
    }
}
