package org.resnet4j.server.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestParserTest {
    private static InferRequest parse(String json) throws InvalidRequestException {
        return RequestParser.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), null);
    }

    private static String input(String rest) {
        return "{'inputs':[{'name':'input'," + rest + "}]}";
    }

    /** Returns a body of JSON and binary data. */
    private static byte[] body(String json, byte[] data) {
        byte[] text = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(text.length + data.length)
                .put(text)
                .put(data)
                .array();
    }

    private static InferRequest parse(String json, byte[] data) throws InvalidRequestException {
        return RequestParser.parse(body(json, data), Integer.toString(json.length()));
    }

    private static String refused(String json) {
        return assertThrows(InvalidRequestException.class, () -> parse(json)).getMessage();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1, 2.5, -3e2, 4]",
                "[[1, 2.5], [-3e2, 4]]",
                "[[[1], [2.5]], [[-3e2], [4]]]",
                "[1,[2.5,[-3e2],4]]"
            })
    void elementsMayBeNestedOrFlat(String data) throws Exception {
        InferRequest request = parse("{'id':'42','model_name':'x','inputs':[{'data':" + data
                + ",'shape':[2,2],'datatype':'FP32','name':'input'}],'outputs':[{'name':'logits'}]}");

        assertEquals("42", request.id());
        var floats = assertInstanceOf(InferInput.Floats.class, request.inputs().getFirst());
        assertEquals(FloatBuffer.wrap(new float[] {1, 2.5f, -300, 4}), floats.values());
        assertArrayEquals(new long[] {2, 2}, floats.shape());
        assertEquals(List.of(new InferRequest.Output("logits", null)), request.outputs());
    }

    @Test
    void manyElementsAreTheNearestFloats() throws Exception {
        var random = new SplittableRandom(1);
        float[] values = new float[5000];
        var text = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1e10, 1e10);
            text.append(i == 0 ? "" : ",").append((double) values[i]);
        }
        InferRequest request = parse(input("'shape':[5000],'datatype':'FP32','data':[" + text + "]"));
        assertEquals(
                FloatBuffer.wrap(values), ((InferInput.Floats) request.inputs().getFirst()).values());
    }

    @Test
    void binaryTensorsFollowTheJsonInTheOrderOfTheInputs() throws Exception {
        byte[] data = ByteBuffer.allocate(4 + 4 + 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(Float.floatToFloat16(1.5f))
                .putShort(Float.floatToFloat16(-2))
                .putInt(0) // an empty picture
                .putFloat(3)
                .putFloat(Float.NaN)
                .array();
        InferRequest request = parse(
                "{'parameters':{'binary_data_output':true,'timeout':5000,'other':{}},'inputs':["
                        + "{'name':'a','shape':[1,2],'datatype':'FP16','parameters':{'binary_data_size':4}},"
                        + "{'name':'b','shape':[1],'datatype':'BYTES','parameters':{'binary_data_size':4}},"
                        + "{'name':'c','shape':[2],'datatype':'FP32','parameters':{'binary_data_size':8}}],"
                        + "'outputs':[{'name':'logits','parameters':{'binary_data':false}}]}",
                data);

        assertEquals(
                FloatBuffer.wrap(new float[] {1.5f, -2}),
                ((InferInput.Floats) request.inputs().getFirst()).values());
        assertEquals(0, ((InferInput.Pictures) request.inputs().get(1)).values().getFirst().length);
        assertEquals(
                FloatBuffer.wrap(new float[] {3, Float.NaN}),
                ((InferInput.Floats) request.inputs().get(2)).values());
        assertTrue(request.binary());
        assertEquals(5000, request.timeoutMicros());
        assertEquals(List.of(new InferRequest.Output("logits", false)), request.outputs());
    }

    @Test
    void picturesInJsonAreBase64() throws Exception {
        byte[] picture = {(byte) 0x89, 'P', 'N', 'G', 0};
        String text = Base64.getEncoder().encodeToString(picture);
        InferRequest request = parse(
                input("'shape':[1],'datatype':'BYTES','parameters':{'content_type':'base64'},'data':['" + text + "']"));
        assertArrayEquals(
                picture,
                ((InferInput.Pictures) request.inputs().getFirst()).values().getFirst());
        assertTrue(refused(input("'shape':[1],'datatype':'BYTES','data':['abc']"))
                .startsWith("input 'input' has pictures in JSON, whose strings cannot hold bytes"));
        assertTrue(refused(input(
                        "'shape':[1],'datatype':'BYTES','parameters':{'content_type':'base64'}," + "'data':['=']"))
                .contains("element 0 of input 'input' is not base64"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "|the request must be an object, got nothing",
                "[]|the request must be an object, got a list",
                "{}|the request has no inputs",
                "{'inputs':{}}|inputs must be a list, got an object",
                "{'inputs':[1]}|an element of inputs must be an object, got a whole number",
                "{'inputs':[],'id':7}|id must be a string, got a whole number",
                "{'inputs':[]} x|the request is not valid JSON, at byte",
                "{'inputs':[]} {}|data follows the JSON of the request",
                "{'inputs':[],'inputs':[]}|the request is not valid JSON",
                "{'inputs':[{}]}|input 0 has no name",
                "{'inputs':[{'name':'input','datatype':'FP32'}]}|input 'input' has no shape",
                "{'inputs':[{'name':'input','shape':[1]}]}|input 'input' has no datatype",
                "{'inputs':[{'name':'input','shape':[1],'datatype':'INT32'}]}|the datatype 'INT32' is not supported",
                "{'inputs':[{'name':'input','shape':[1.5],'datatype':'FP32'}]}|an extent of an input must be a whole"
                        + " number",
                "{'inputs':[{'name':'input','shape':[1,1,1,1,1,1,1,1,1],'datatype':'FP32'}]}|more than 8 extents",
                "{'inputs':[{'name':'input','shape':[1],'datatype':'FP32'}]}|input 'input' has neither data nor",
                "{'inputs':[{'name':'input','shape':[0],'datatype':'FP32','data':[]}]}|every extent must be at least 1",
                "{'inputs':[{'name':'input','shape':[-1],'datatype':'FP32','data':[1]}]}|every extent must be at least"
                        + " 1",
                "{'inputs':[{'name':'input','shape':[99999999999,99999999999],'datatype':'FP32','data':[1]}]}|too"
                        + " large",
                "{'inputs':[{'name':'input','shape':[3],'datatype':'FP32','data':[1,2]}]}|needs 3 elements, got 2",
                "{'inputs':[{'name':'input','shape':[1],'datatype':'FP32','data':['1']}]}|its data has strings",
                "{'inputs':[{'name':'input','shape':[1],'datatype':'BYTES','data':[1]}]}|its data has numbers",
                "{'inputs':[{'name':'input','shape':[1],'datatype':'FP32','data':[null]}]}|must be numbers or strings",
                "{'inputs':[{'name':'input','shape':[1],'datatype':'FP32','data':[1}]}|the request is not valid JSON",
                "{'inputs':[{'name':'input','shape':[1],'datatype':'FP16','data':[1]}]}|must be sent as binary data",
                "{'inputs':[],'outputs':[{}]}|an output has no name",
                "{'inputs':[],'parameters':{'timeout':-1}}|timeout must not be negative",
                "{'inputs':[],'parameters':{'binary_data_output':1}}|binary_data_output must be true or false",
                "{'inputs':[{'name':'input','shape':[1],'datatype':'FP32','parameters':{'binary_data_size':4}}]}"
                        + "|no header Inference-Header-Content-Length"
            })
    void aWrongRequestIsExplained(String json, String message) {
        String refused = refused(json == null ? "" : json);
        assertTrue(refused.contains(message), refused);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FP32|2|7|needs 8 bytes, got 7",
                "FP32|2|9|needs 8 bytes, got 9",
                "FP16|2|5|needs 4 bytes, got 5",
                "FP32|4611686018427387904|4|too many bytes",
                "BYTES|1|3|element 0, at byte 0 of its data, has no length",
                "BYTES|1|4|has 16843009 bytes, 0 are left",
                "BYTES|1|0|should have 1 elements, got 0"
            })
    void binaryDataMustSuitTheShape(String type, String extent, int bytes, String message) {
        byte[] data = new byte[bytes];
        Arrays.fill(data, (byte) 1);
        String json = input(
                "'shape':[" + extent + "],'datatype':'" + type + "','parameters':{'binary_data_size':" + bytes + "}");
        String refused = assertThrows(InvalidRequestException.class, () -> parse(json, data))
                .getMessage();
        assertTrue(refused.contains(message), refused);
    }

    @Test
    void theLengthOfTheJsonIsChecked() {
        byte[] body = "{\"inputs\":[]}".getBytes(StandardCharsets.UTF_8);
        for (String wrong : List.of("x", "", "-1", "14", "99999999999", "1.5")) {
            String refused = assertThrows(InvalidRequestException.class, () -> RequestParser.parse(body, wrong))
                    .getMessage();
            assertTrue(refused.startsWith("Inference-Header-Content-Length is "), refused);
        }
        String left = assertThrows(InvalidRequestException.class, () -> parse("{'inputs':[]}", new byte[5]))
                .getMessage();
        assertEquals("5 bytes are left after the binary data of all inputs", left);
        String size = assertThrows(
                        InvalidRequestException.class,
                        () -> parse(
                                input("'shape':[2],'datatype':'FP32','parameters':{'binary_data_size':8}"),
                                new byte[4]))
                .getMessage();
        assertEquals("input 'input' has a binary_data_size of 8, but only 4 bytes are left", size);
    }

    /** Cut off anywhere and damaged anyhow, a request is parsed or refused, and nothing else happens. */
    @Test
    void damagedRequestsAreParsedOrRefused() {
        String json = "{\"id\":\"7\",\"parameters\":{\"timeout\":5},\"inputs\":[{\"name\":\"input\",\"shape\":[1,2],"
            + "\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":8}},{\"name\":\"b\",\"shape\":[2],\"datatype\":"
            + "\"FP32\",\"data\":[[1.5],[-2e3]]}],\"outputs\":[{\"name\":\"logits\"}]}";
        byte[] whole = body(json, new byte[8]);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(
                    InvalidRequestException.class, () -> RequestParser.parse(cut, Integer.toString(json.length())));
        }
        var random = new SplittableRandom(1);
        int parsed = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = whole.clone();
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                parsed += RequestParser.parse(damaged, Integer.toString(json.length()))
                                .inputs()
                                .isEmpty()
                        ? 0
                        : 1;
            } catch (InvalidRequestException refused) {
                assertFalse(refused.getMessage().isEmpty());
            }
        }
        assertTrue(parsed > 0 && parsed < 20_000, parsed + " were parsed");
    }
}
