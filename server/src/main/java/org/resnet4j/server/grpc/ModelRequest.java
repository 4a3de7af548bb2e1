package org.resnet4j.server.grpc;

import com.google.protobuf.CodedInputStream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.server.protocol.InvalidRequestException;

/**
 * The model that a call is about.
 *
 * @param version null for the newest one
 */
record ModelRequest(String name, @Nullable String version) {
    /** The fields that have been read. */
    static final class Builder {
        private String name = "";
        private String version = "";

        void name(String text) {
            name = text;
        }

        void version(String text) {
            version = text;
        }

        ModelRequest build() {
            return new ModelRequest(name, version.isEmpty() ? null : version);
        }
    }

    /**
     * Reads a {@code ModelReadyRequest} or {@code ModelMetadataRequest}.
     *
     * @throws InvalidRequestException if it is malformed
     */
    static ModelRequest read(byte[] message) throws InvalidRequestException {
        CodedInputStream in = CodedInputStream.newInstance(message);
        var request = new Builder();
        Messages.read(in, tag -> {
            switch (tag) {
                case 1 << 3 | Messages.DELIMITED -> request.name(in.readStringRequireUtf8());
                case 2 << 3 | Messages.DELIMITED -> request.version(in.readStringRequireUtf8());
                default -> {
                    return false;
                }
            }
            return true;
        });
        return request.build();
    }
}
