package dev.pabal.kafka.wire;

import dev.pabal.kafka.ApiHandler;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.RequestHeader;

/** Reads header and body of a request by Kafka's generated classes; byte fields stay slices of the received bytes. Any thread. */
final class RequestParser {
    private final Wire wire;

    RequestParser(Wire wire) {
        this.wire = wire;
    }

    /**
     * Reads one request from position to limit.
     *
     * @throws BadRequestException where the bytes are no request that is served here
     */
    Parsed parse(ByteBuffer bytes) {
        short key = bytes.getShort(bytes.position());
        short version = bytes.getShort(bytes.position() + 2);
        ApiHandler handler = wire.handler(key);
        if (handler == null) {
            throw new BadRequestException(
                    "asks for API " + name(key) + " version " + version + ", which is not served");
        }
        boolean versionServed = version >= handler.minVersion() && version <= handler.maxVersion();
        // KIP-511: whoever asks for versions in a version from the future gets an answer in the oldest form.
        boolean futureVersions = key == ApiKeys.API_VERSIONS.id && !versionServed;
        if (!versionServed && !futureVersions) {
            throw new BadRequestException("asks for " + name(key) + " version " + version + "; served are "
                    + handler.minVersion() + " to " + handler.maxVersion());
        }
        try {
            RequestHeader header = RequestHeader.parse(bytes);
            ByteBuffer bodyBytes = bytes.duplicate();
            ApiMessage body = new ApiVersionsRequestData();
            if (!futureVersions) {
                body = header.apiKey().messageType.newRequest();
                body.read(new ByteBufferAccessor(bytes), version);
            }
            return new Parsed(handler, header, body, bodyBytes, futureVersions ? 0 : version);
        } catch (RuntimeException e) {
            // The generated readers throw many kinds; all of them mean that the bytes are not what they claim to be.
            throw new BadRequestException(
                    "sent a malformed " + name(key) + " version " + version + " request: " + e, e);
        }
    }

    private static String name(short key) {
        return ApiKeys.hasId(key) ? ApiKeys.forId(key).name : "number " + key;
    }

    /**
     * A request as read.
     *
     * @param bodyBytes the body's bytes from position to limit
     * @param answerVersion the version that the answer is written in
     */
    record Parsed(
            ApiHandler handler, RequestHeader header, ApiMessage body, ByteBuffer bodyBytes, short answerVersion) {}
}
