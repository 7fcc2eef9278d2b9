package dev.pabal.sqs.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class JsonReaderTest {
    @Test
    void readsEveryKindOfParameter() {
        Parameters read = read(
                """
                {"QueueUrl":"http://h/0/q","Max":10,"Attributes":{"b":"2","a":"1"},"Names":["x","y"],"Nothing":null,
                 "Message":{"a":{"DataType":"Binary","BinaryValue":"AQID"}},"Entries":[{"Id":"1"},{"Id":"é😀"}]}""");
        assertThat(read.names()).containsExactly("QueueUrl", "Max", "Attributes", "Names", "Message", "Entries");
        assertThat(read.text("QueueUrl")).isEqualTo("http://h/0/q");
        assertThat(read.integer("Max")).isEqualTo(10);
        assertThat(read.textMap("Attributes")).containsExactly(Map.entry("b", "2"), Map.entry("a", "1"));
        assertThat(read.texts("Names")).containsExactly("x", "y");
        assertThat(read.structureMap("Message").get("a").bytes("BinaryValue")).containsExactly(1, 2, 3);
        assertThat(read.structures("Entries").get(1).text("Id")).isEqualTo("é😀");
        assertThat(read.structures("Entries").get(1).names()).containsExactly("Id");
    }

    @Test
    void whatIsAbsentIsNullOrEmpty() {
        Parameters read = read("");
        assertThat(read.names()).isEmpty();
        assertThat(read.text("a")).isNull();
        assertThat(read.integer("a")).isNull();
        assertThat(read.bytes("a")).isNull();
        assertThat(read.structure("a")).isNull();
        assertThat(read.texts("a")).isEmpty();
        assertThat(read.structures("a")).isNull();
        assertThat(read.textMap("a")).isNull();
        assertThat(read.structureMap("a")).isNull();
        assertThatThrownBy(() -> read.required("a")).hasMessage("The request must contain the parameter a.");
    }

    @Test
    void theLaterOfTwoHolds() {
        assertThat(read("{\"a\":\"1\",\"a\":\"2\"}").text("a")).isEqualTo("2");
    }

    @Test
    void aWrongKindIsNamed() {
        Parameters read = read("{\"n\":1,\"t\":true,\"s\":\"x\",\"o\":{},\"l\":[1],\"big\":99999999999,\"half\":0.5}");
        assertSerialization(() -> read.text("n"), "NUMBER_VALUE can not be converted to a String");
        assertSerialization(() -> read.text("t"), "TRUE_VALUE can not be converted to a String");
        assertSerialization(() -> read.text("o"), "Start of structure or map found where not expected.");
        assertSerialization(() -> read.text("l"), "Unexpected start of list");
        assertSerialization(() -> read.texts("l"), "NUMBER_VALUE can not be converted to a String");
        assertSerialization(() -> read.integer("s"), "STRING_VALUE can not be converted to an Integer");
        assertSerialization(() -> read.integer("big"), "NUMBER_VALUE can not be converted to an Integer");
        assertSerialization(() -> read.integer("half"), "NUMBER_VALUE can not be converted to an Integer");
        assertSerialization(() -> read.bytes("s"), "The value of s is not base64.");
        assertSerialization(() -> read.structure("s"), "Expected null");
        assertSerialization(() -> read.textMap("l"), "Start of list found where not expected");
        assertSerialization(() -> read.structures("o"), "Start of structure or map found where not expected.");
        assertSerialization(() -> read.structures("s"), "Expected list or null");
    }

    @Test
    void whatIsNoJsonObjectIsRefused() {
        String noJson = "The body of the request is no JSON that is taken here.";
        assertSerialization(() -> read("{\"a\":\"1\""), noJson);
        assertSerialization(() -> read("{a:1}"), noJson);
        assertSerialization(() -> read("{\"a\":\"\u0001\"}"), noJson);
        assertSerialization(() -> read("[]"), "The body of the request is no JSON object.");
        assertSerialization(() -> read("{}{}"), "Something follows the JSON object in the request's body.");
        assertSerialization(() -> read("{\"a\":[null]}"), "A list holds null.");
        byte[] broken = "{\"a\":\"x\"}".getBytes(StandardCharsets.UTF_8);
        broken[6] = (byte) 0xFF;
        assertSerialization(() -> JsonReader.read(broken, 0, broken.length), noJson);
    }

    @Test
    void boundsHold() {
        assertThat(read("{\"a\":" + "[".repeat(15) + "]".repeat(15) + "}").names())
                .containsExactly("a");
        assertThatThrownBy(() -> read("{\"a\":" + "[".repeat(16) + "]".repeat(16) + "}"))
                .isInstanceOf(SqsException.class);
        assertThatThrownBy(() -> read("{\"" + "n".repeat(5_000) + "\":1}")).isInstanceOf(SqsException.class);
        assertThatThrownBy(() -> read("{\"a\":" + "9".repeat(100) + "}")).isInstanceOf(SqsException.class);
        assertSerialization(
                () -> read("{\"a\":[" + "1,".repeat(10_000) + "1]}"), "The request holds more than 10000 values.");
        String large = "x".repeat(3 << 20);
        assertThat(read("{\"a\":\"" + large + "\"}").text("a")).isEqualTo(large);
    }

    private static Parameters read(String json) {
        byte[] bytes = ("--" + json + "--").getBytes(StandardCharsets.UTF_8);
        return JsonReader.read(bytes, 2, bytes.length - 4);
    }

    private static void assertSerialization(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOfSatisfying(SqsException.class, failure -> {
            assertThat(failure.error()).isEqualTo(SqsError.SERIALIZATION);
            assertThat(failure).hasMessage(message);
        });
    }
}
