package dev.pabal.sqs.queue;

import dev.pabal.message.SqsAttribute;
import dev.pabal.message.SqsProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message that is to be sent and breaks no rule. Arrays are not changed after this is made.
 *
 * @param body in UTF-8
 * @param bodyMd5 its digest
 * @param attributes the message attributes
 * @param attributesMd5 their digest, null where there are none
 * @param traceHeader value of {@code AWSTraceHeader} in UTF-8, empty for none
 * @param systemMd5 digest of the system attributes, null where the sender gave none
 * @param group its group in UTF-8, empty for none
 * @param dedupId its deduplication id in UTF-8, empty for none
 * @param sender who sends it, in UTF-8
 * @param delaySeconds how long it is held back
 */
public record OutgoingMessage(
        byte[] body,
        byte[] bodyMd5,
        List<SqsAttribute> attributes,
        byte @Nullable [] attributesMd5,
        byte[] traceHeader,
        byte @Nullable [] systemMd5,
        byte[] group,
        byte[] dedupId,
        byte[] sender,
        int delaySeconds) {

    /** What it counts where sizes are bounded: body, names, types and values of attributes. */
    public int sizeInBytes() {
        return body.length + OutgoingReader.sizeInBytes(attributes);
    }

    /** Says it all to the writer of its properties. */
    void describe(SqsProperties properties) {
        properties
                .clear()
                .bodyMd5(bodyMd5)
                .group(group)
                .dedupId(dedupId)
                .sender(sender)
                .delaySeconds(delaySeconds);
        if (traceHeader.length > 0) {
            properties.traceHeader(traceHeader, systemMd5);
        }
        if (attributesMd5 != null) {
            properties.attributes(attributes, attributesMd5);
        }
    }
}
