package dev.pabal.conformance.sqs;

import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** Values of message attributes. */
final class MessageAttributes {
    private MessageAttributes() {}

    static MessageAttributeValue string(String value) {
        return text("String", value);
    }

    static MessageAttributeValue number(String value) {
        return text("Number", value);
    }

    /** A text under a data type such as {@code String.path}. */
    static MessageAttributeValue text(String dataType, String value) {
        return MessageAttributeValue.builder()
                .dataType(dataType)
                .stringValue(value)
                .build();
    }

    static MessageAttributeValue binary(String dataType, byte... value) {
        return MessageAttributeValue.builder()
                .dataType(dataType)
                .binaryValue(SdkBytes.fromByteArray(value))
                .build();
    }
}
