package org.resnet4j.download.http;

import java.io.IOException;

/** Thrown if a server answers but refuses the file. */
public final class RefusedException extends IOException {
    private final transient Answer answer;

    RefusedException(Answer answer) {
        super(Redirects.shown(answer.address()) + ": the server answered " + answer.status());
        this.answer = answer;
    }

    /** Returns the answer of the server. */
    public Answer answer() {
        return answer;
    }
}
