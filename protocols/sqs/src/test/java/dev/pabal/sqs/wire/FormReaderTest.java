package dev.pabal.sqs.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class FormReaderTest {
    @Test
    void textsAreDecoded() {
        FormReader reader = new FormReader().read("Action=SendMessage&MessageBody=a+b%20c%26%3D%C3%A9&Empty=&Bare");
        assertThat(reader.value("Action")).isEqualTo("SendMessage");
        Parameters read = reader.parameters();
        assertThat(read.text("MessageBody")).isEqualTo("a b c&=é");
        assertThat(read.text("Empty")).isEmpty();
        assertThat(read.text("Bare")).isEmpty();
        assertThat(read.text("Absent")).isNull();
        assertThat(read.integer("Empty")).isNull();
        assertThat(new FormReader().read("a=é").parameters().text("a")).isEqualTo("é");
    }

    @Test
    void theBodyComesOverTheUrl() {
        Parameters read = new FormReader().read("a=1&b=2").read("b=3&c=4").parameters();
        assertThat(read.names()).containsExactly("a", "b", "c");
        assertThat(read.text("b")).isEqualTo("3");
    }

    @Test
    void listsComeInTheOrderOfTheirNumbers() {
        Parameters read = read("AttributeName.10=c&AttributeName.2=b&AttributeName.1=a&TagKey.1=k&ActionName.1=*");
        assertThat(read.names()).containsExactly("AttributeNames", "TagKeys", "Actions");
        assertThat(read.texts("AttributeNames")).containsExactly("a", "b", "c");
        assertThat(read.texts("TagKeys")).containsExactly("k");
        assertThat(read.texts("Actions")).containsExactly("*");
        assertThat(read.texts("MessageAttributeNames")).isEmpty();
        assertThat(read("AttributeName=All").texts("AttributeNames")).containsExactly("All");
    }

    @Test
    void mapsHaveNamesOrKeys() {
        Parameters read =
                read("Attribute.1.Name=DelaySeconds&Attribute.1.Value=5&Attribute.2.Name=Policy&Attribute.2.Value="
                        + "&Tag.1.Key=k&Tag.1.Value=v&Tag.2.Key=l&Tag.2.Value=w");
        assertThat(read.textMap("Attributes")).containsExactly(Map.entry("DelaySeconds", "5"), Map.entry("Policy", ""));
        assertThat(read.textMap("Tags")).containsExactly(Map.entry("k", "v"), Map.entry("l", "w"));
        assertThat(read.textMap("tags")).isEqualTo(read.textMap("Tags"));
        assertThat(read("Attribute.Name=DelaySeconds&Attribute.Value=5").textMap("Attributes"))
                .containsExactly(Map.entry("DelaySeconds", "5"));
        assertThat(read("Tags.entry.1.Key=k&Tags.entry.1.Value=v").textMap("Tags"))
                .containsExactly(Map.entry("k", "v"));
        assertThat(read("a=b").textMap("Attributes")).isNull();
    }

    @Test
    void batchesHoldStructures() {
        Parameters read = read("SendMessageBatchRequestEntry.1.Id=one&SendMessageBatchRequestEntry.1.DelaySeconds=3"
                + "&SendMessageBatchRequestEntry.1.MessageAttribute.1.Name=a"
                + "&SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType=Binary"
                + "&SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.BinaryValue=AQID"
                + "&SendMessageBatchRequestEntry.1.MessageSystemAttribute.1.Name=AWSTraceHeader"
                + "&SendMessageBatchRequestEntry.1.MessageSystemAttribute.1.Value.StringValue=t"
                + "&SendMessageBatchRequestEntry.2.Id=two");
        Parameters one = read.structures("Entries").get(0);
        assertThat(one.integer("DelaySeconds")).isEqualTo(3);
        assertThat(one.structureMap("MessageAttributes").get("a").bytes("BinaryValue"))
                .containsExactly(1, 2, 3);
        assertThat(one.structureMap("MessageSystemAttributes")
                        .get("AWSTraceHeader")
                        .text("StringValue"))
                .isEqualTo("t");
        assertThat(read.structures("Entries").get(1).text("Id")).isEqualTo("two");
        assertThat(read("DeleteMessageBatchRequestEntry.1.Id=x").structures("Entries"))
                .hasSize(1);
        assertThat(read("ChangeMessageVisibilityBatchRequestEntry.1.Id=x").structures("Entries"))
                .hasSize(1);
        assertThat(read("a=b").structures("Entries")).isNull();
    }

    @Test
    void wrongOnesAreRefused() {
        assertError(SqsError.MALFORMED_QUERY_STRING, () -> read("a=%4"));
        assertError(SqsError.MALFORMED_QUERY_STRING, () -> read("a=%zz"));
        assertError(SqsError.MALFORMED_QUERY_STRING, () -> read("a=%"));
        assertError(SqsError.MALFORMED_QUERY_STRING, () -> read("a=%FF"));
        assertError(SqsError.MALFORMED_QUERY_STRING, () -> read("a.b.c.d.e.f.g.h.i=1"));
        assertError(SqsError.INVALID_PARAMETER_VALUE, () -> read("n=x").integer("n"));
        assertError(
                SqsError.INVALID_PARAMETER_VALUE, () -> read("n=99999999999").integer("n"));
        assertError(SqsError.INVALID_PARAMETER_VALUE, () -> read("n=*").bytes("n"));
        assertError(
                SqsError.MISSING_PARAMETER, () -> read("Attribute.1.Value=5").textMap("Attributes"));
        assertError(SqsError.MISSING_PARAMETER, () -> read("a=1").required("b"));
        StringBuilder many = new StringBuilder();
        for (int i = 0; i <= 10_000; i++) {
            many.append("p").append(i).append("=1&");
        }
        assertError(SqsError.MALFORMED_QUERY_STRING, () -> read(many.toString()));
    }

    private static Parameters read(String form) {
        return new FormReader().read(form).parameters();
    }

    private static void assertError(SqsError error, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(SqsException.class, failure -> assertThat(failure.error())
                .isEqualTo(error));
    }
}
