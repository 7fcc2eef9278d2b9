package dev.pabal.kafka.data;

import dev.pabal.broker.Broker;
import dev.pabal.kafka.ApiHandler;
import dev.pabal.kafka.KafkaLimits;
import dev.pabal.kafka.KafkaRequest;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Sends stored batches as they lie. Waits for more where the consumer asks for it; a wait costs nothing while nothing happens. Without
 * transactions both isolation levels see the same: everything up to the high watermark.
 */
final class FetchHandler implements ApiHandler {
    private final FetchSessions sessions;
    private final int maxFetchBytes;

    FetchHandler(Broker broker, PartitionLookup lookup, KafkaLimits limits) {
        this.sessions = new FetchSessions(lookup, broker.clock(), limits.maxFetchSessions());
        this.maxFetchBytes = limits.maxFetchBytes();
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.FETCH;
    }

    @Override
    public void handle(KafkaRequest request) {
        FetchSessions.Opened opened = sessions.open((FetchRequestData) request.body(), request.version());
        FetchSession session = opened.session();
        if (session == null) {
            request.respond(new FetchResponseData().setErrorCode(opened.error().code()));
            return;
        }
        new FetchRun(request, sessions, session, opened.incremental(), maxFetchBytes).start();
    }
}
