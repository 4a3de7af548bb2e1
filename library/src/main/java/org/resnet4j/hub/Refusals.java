package org.resnet4j.hub;

import org.jspecify.annotations.Nullable;
import org.resnet4j.download.http.Answer;
import org.resnet4j.download.http.RefusedException;
import org.resnet4j.hub.HubException.Reason;

/** Messages for the errors that the hub returns. */
final class Refusals {
    private static final int LONGEST_QUOTE = 200;

    private Refusals() {}

    static HubException explain(
            RefusedException refused, RepositoryName repository, String at, String file, HubSettings settings) {
        Answer answer = refused.answer();
        String code = String.valueOf(answer.header("X-Error-Code"));
        int status = answer.status();
        return switch (code) {
            case "EntryNotFound" -> noFile(refused, repository, at, file);
            case "RevisionNotFound" ->
                exception(Reason.REVISION, repository, "the repository has no revision " + at, refused);
            case "GatedRepo" ->
                exception(
                        Reason.ACCESS,
                        repository,
                        "the repository is gated: accept its conditions at " + settings.endpoint() + "/"
                                + repository.id() + " with your account and set HF_TOKEN to one of its tokens"
                                + withToken(settings),
                        refused);
            case "RepoNotFound" -> noRepository(refused, repository, settings);
            default ->
                switch (status) {
                    case 404 -> noFile(refused, repository, at, file);
                    case 401 -> noRepository(refused, repository, settings);
                    case 403 ->
                        exception(
                                Reason.ACCESS,
                                repository,
                                "the hub refuses access (403): set HF_TOKEN to a token that may read it"
                                        + withToken(settings) + quoted(answer),
                                refused);
                    default -> exception(Reason.ANSWER, repository, refused.getMessage() + quoted(answer), refused);
                };
        };
    }

    private static HubException noFile(RefusedException refused, RepositoryName repository, String at, String file) {
        return exception(Reason.FILE, repository, "no file " + file + " in revision " + at, refused);
    }

    /** The hub says this, or just 401, for private repositories as well. */
    private static HubException noRepository(
            RefusedException refused, RepositoryName repository, HubSettings settings) {
        return exception(
                Reason.REPOSITORY,
                repository,
                "there is no such repository at " + settings.endpoint()
                        + ", or it is private: then set HF_TOKEN to a token that may read it" + withToken(settings)
                        + quoted(refused.answer()),
                refused);
    }

    private static String withToken(HubSettings settings) {
        return settings.token() == null ? "" : " (the token that was sent has no access)";
    }

    /** Returns the server's own words, shortened and without control characters. */
    private static String quoted(Answer answer) {
        String message = answer.header("X-Error-Message");
        if (message == null || message.isBlank()) {
            return "";
        }
        String clean = message.replaceAll("[^\\x20-\\x7e]", "?").strip();
        return "; the hub says: " + (clean.length() > LONGEST_QUOTE ? clean.substring(0, LONGEST_QUOTE) + "…" : clean);
    }

    private static HubException exception(
            Reason reason, RepositoryName repository, String message, @Nullable Throwable cause) {
        return new HubException(reason, repository + ": " + message, cause);
    }
}
