package org.resnet4j.server.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.resnet4j.server.protocol.InvalidRequestException;

/** The encoding of protobuf messages. */
final class Messages {
    /** Wire types. */
    static final int VARINT = WireFormat.WIRETYPE_VARINT;

    static final int FIXED32 = WireFormat.WIRETYPE_FIXED32;
    static final int FIXED64 = WireFormat.WIRETYPE_FIXED64;
    static final int DELIMITED = WireFormat.WIRETYPE_LENGTH_DELIMITED;

    private Messages() {}

    /** Writes the fields of a message. */
    interface Fields {
        void to(CodedOutputStream out) throws IOException;
    }

    /** Reads the fields of a message. */
    interface FieldReader {
        /**
         * Reads a field.
         *
         * @param tag number and wire type
         * @return false if the field is an unknown one, which is to be skipped
         */
        boolean read(int tag) throws IOException, InvalidRequestException;
    }

    /** Reads an element of a list. */
    interface ElementReader {
        void read() throws IOException, InvalidRequestException;
    }

    /** Returns the bytes of a message. */
    static byte[] write(Fields fields) {
        var bytes = new ByteArrayOutputStream();
        var out = CodedOutputStream.newInstance(bytes);
        try {
            fields.to(out);
            out.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // the target is memory
        }
        return bytes.toByteArray();
    }

    /**
     * Reads a whole message.
     *
     * @throws InvalidRequestException if it is malformed
     */
    static void read(CodedInputStream in, FieldReader reader) throws InvalidRequestException {
        try {
            fields(in, reader);
        } catch (IOException broken) {
            throw new InvalidRequestException(
                    "the message is malformed, at byte " + in.getTotalBytesRead() + ": " + broken.getMessage());
        }
    }

    /** Reads a nested message, after its tag. */
    static void nested(CodedInputStream in, FieldReader reader) throws IOException, InvalidRequestException {
        int limit = in.pushLimit(in.readRawVarint32());
        fields(in, reader);
        in.popLimit(limit);
    }

    /** Reads packed elements, after their tag. */
    static void packed(CodedInputStream in, ElementReader element) throws IOException, InvalidRequestException {
        int limit = in.pushLimit(in.readRawVarint32());
        while (in.getBytesUntilLimit() > 0) {
            element.read();
        }
        in.popLimit(limit);
    }

    private static void fields(CodedInputStream in, FieldReader reader) throws IOException, InvalidRequestException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (!reader.read(tag) && !in.skipField(tag)) {
                throw new InvalidProtocolBufferException("a group ends that has not begun");
            }
        }
    }
}
