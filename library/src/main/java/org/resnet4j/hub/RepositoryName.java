package org.resnet4j.hub;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The name of a repository and of one of its revisions, by the rules of the hub.
 *
 * @param owner letters, digits, {@code -}, {@code _} and {@code .}, 96 at most
 * @param name letters, digits, {@code -}, {@code _} and {@code .}, 96 at most
 * @param revision a branch, tag or commit; may contain {@code /}
 */
record RepositoryName(String owner, String name, String revision) {
    private static final String FORM =
            "is not a name of the form " + Hub.PREFIX + "OWNER/NAME or " + Hub.PREFIX + "OWNER/NAME@REVISION: ";
    private static final String DEFAULT_REVISION = "main";
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9._-]{1,96}");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /** Characters that git rejects in branch names or an operating system rejects in file names. */
    private static final Pattern FORBIDDEN = Pattern.compile("[^\\x21-\\x7e]|[\\\\:*?\"<>|~^\\[]");

    private static final int LONGEST_PATH = 200;

    /** Parses {@code hub:OWNER/NAME@REVISION}; the prefix and the revision may be missing. */
    static RepositoryName parse(String text) throws HubException {
        String bare = text.startsWith(Hub.PREFIX) ? text.substring(Hub.PREFIX.length()) : text;
        int at = bare.indexOf('@');
        String repository = at < 0 ? bare : bare.substring(0, at);
        String revision = at < 0 ? DEFAULT_REVISION : bare.substring(at + 1);
        int slash = repository.indexOf('/');
        if (slash < 0) {
            throw malformed(text, "the owner is missing");
        }
        String owner = repository.substring(0, slash);
        String name = repository.substring(slash + 1);
        checkPart(text, "the owner", owner);
        checkPart(text, "the name", name);
        if (name.endsWith(".git")) {
            throw malformed(text, "the name ends in .git");
        }
        String trouble = troubleOfPath(revision);
        if (!trouble.isEmpty()) {
            throw malformed(text, "the revision " + trouble);
        }
        return new RepositoryName(owner, name, revision);
    }

    private static void checkPart(String text, String what, String part) throws HubException {
        if (part.isEmpty()) {
            throw malformed(text, what + " is empty");
        }
        if (!PART.matcher(part).matches()) {
            throw malformed(text, what + " may have 1 to 96 letters, digits, '-', '_' and '.'");
        }
        if (part.contains("..") || part.contains("--")) {
            throw malformed(text, what + " contains '..' or '--'");
        }
        if (".-".indexOf(part.charAt(0)) >= 0 || ".-".indexOf(part.charAt(part.length() - 1)) >= 0) {
            throw malformed(text, what + " begins or ends with '.' or '-'");
        }
    }

    private static HubException malformed(String text, String reason) {
        String shown = text.length() > LONGEST_PATH ? text.substring(0, LONGEST_PATH) + "…" : text;
        return new HubException(
                HubException.Reason.NAME, "'" + shown.replaceAll("\\p{Cntrl}", "?") + "' " + FORM + reason);
    }

    /**
     * Returns the reason that a path with slashes must not be part of an address and of the cache, or an empty string.
     */
    static String troubleOfPath(String path) {
        if (path.isEmpty()) {
            return "is empty";
        }
        if (path.length() > LONGEST_PATH) {
            return "is longer than " + LONGEST_PATH + " characters";
        }
        if (FORBIDDEN.matcher(path).find()) {
            return "contains a character that is not allowed";
        }
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.startsWith(".") || part.endsWith(".") || part.contains("..")) {
                return "has a part that is empty or begins or ends with '.'";
            }
        }
        return "";
    }

    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /** Returns {@code OWNER/NAME}. */
    String id() {
        return owner + "/" + name;
    }

    /** Returns the repository's folder in the cache. */
    String folder() {
        return "models--" + owner + "--" + name;
    }

    /** Returns the path in a file's address, encoded. */
    String path(String at, String file) {
        return "/" + id() + "/resolve/" + encode(at) + "/" + encode(file).replace("%2F", "/");
    }

    private static String encode(String text) {
        var encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0)) {
                encoded.append(c);
            } else {
                encoded.append(String.format(Locale.ROOT, "%%%02X", (int) c));
            }
        }
        return encoded.toString();
    }

    /** Returns the name in the form that users write. */
    @Override
    public String toString() {
        return Hub.PREFIX + id() + (revision.equals(DEFAULT_REVISION) ? "" : "@" + revision);
    }
}
