package org.resnet4j.hub;

import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.resnet4j.download.http.Answer;
import org.resnet4j.download.http.Checksum;
import org.resnet4j.download.http.Download;

/**
 * A file on the hub. Its commit and etag are checked, because they become names in the cache.
 *
 * @param address address of the file on the hub
 * @param commit commit of the file, 40 hexadecimal digits
 * @param etag name of the contents: letters, digits, {@code -} and {@code _}
 * @param size length in bytes; -1 if the hub does not report it
 */
record RemoteFile(URI address, String commit, String etag, long size) {
    private static final Pattern ETAG = Pattern.compile("[A-Za-z0-9_-]{1,128}");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern SHA_1 = Pattern.compile("[0-9a-f]{40}");

    static RemoteFile of(Answer answer) throws HubException {
        return new RemoteFile(answer.address(), commit(answer), etag(answer), size(answer));
    }

    /** Returns the commit that a response belongs to. */
    static String commit(Answer answer) throws HubException {
        String commit = answer.header("X-Repo-Commit");
        if (commit == null) {
            throw unusable(
                    answer,
                    "is not from a Hugging Face Hub (no X-Repo-Commit): is HF_ENDPOINT right, and is"
                            + " there a proxy or a login page between?");
        }
        if (!RepositoryName.isCommit(commit)) {
            throw unusable(answer, "names an invalid commit");
        }
        return commit;
    }

    private static String etag(Answer answer) throws HubException {
        String linked = answer.header("X-Linked-Etag");
        String header = linked != null ? linked : answer.header("ETag");
        if (header == null) {
            throw unusable(answer, "has no ETag");
        }
        String etag = header.strip();
        if (etag.startsWith("W/")) {
            etag = etag.substring(2);
        }
        if (etag.length() >= 2 && etag.startsWith("\"") && etag.endsWith("\"")) {
            etag = etag.substring(1, etag.length() - 1);
        }
        if (!ETAG.matcher(etag).matches()) {
            throw unusable(answer, "has an ETag that cannot be the name of a file");
        }
        return etag;
    }

    private static long size(Answer answer) throws HubException {
        String linked = answer.header("X-Linked-Size");
        if (linked == null) {
            return answer.length();
        }
        if (!linked.matches("\\d{1,18}")) {
            throw unusable(answer, "has an X-Linked-Size that is not a number");
        }
        return Long.parseLong(linked);
    }

    private static HubException unusable(Answer answer, String reason) {
        URI address = answer.address();
        return new HubException(
                HubException.Reason.ANSWER,
                address.getScheme() + "://" + address.getRawAuthority() + address.getRawPath() + ": the answer "
                        + reason);
    }

    /**
     * Returns the request for the file. Large files are tagged with their SHA-256, others with the git hash of the
     * blob.
     */
    Download download(@Nullable String authorization, long limit) {
        Checksum checksum = null;
        if (SHA_256.matcher(etag).matches()) {
            checksum = new Checksum(Checksum.Kind.SHA_256, etag);
        } else if (SHA_1.matcher(etag).matches()) {
            checksum = new Checksum(Checksum.Kind.GIT_BLOB, etag);
        }
        return new Download(address, authorization, checksum, size, limit);
    }
}
