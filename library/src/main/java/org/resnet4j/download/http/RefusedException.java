package org.resnet4j.download.http;

import java.io.IOException;

/** A server that was reached does not give the file. */
public final class RefusedException extends IOException {
    private final transient Answer answer;

    RefusedException(Answer answer) {
        super(Redirects.shown(answer.address()) + ": the server answered " + answer.status());
        this.answer = answer;
    }

    /** What the server said. */
    public Answer answer() {
        return answer;
    }
}
