package dev.pabal.kafka.data;

import dev.pabal.broker.Broker;
import dev.pabal.kafka.ApiHandler;
import dev.pabal.kafka.KafkaErrors;
import dev.pabal.kafka.KafkaRequest;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands out producer ids for idempotent producers (KIP-98). Each is new, also where a client asks again to raise its epoch (KIP-360). */
final class InitProducerIdHandler implements ApiHandler {
    private static final Logger LOG = LoggerFactory.getLogger(InitProducerIdHandler.class);

    private final Broker broker;

    InitProducerIdHandler(Broker broker) {
        this.broker = broker;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.INIT_PRODUCER_ID;
    }

    @Override
    public void handle(KafkaRequest request) {
        InitProducerIdRequestData data = (InitProducerIdRequestData) request.body();
        if (data.transactionalId() != null) {
            // Fatal for every client, at once and by name; codes that say "not now" would make them ask again for ever.
            LOG.info(
                    "the client {} wants transactional id '{}': transactions are not served; use an idempotent producer",
                    request.header().clientId(),
                    data.transactionalId());
            request.respond(refusal(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
            return;
        }
        broker.newProducerId().whenComplete((id, failure) -> {
            if (failure != null) {
                request.respond(refusal(KafkaErrors.of(failure)));
            } else {
                request.respond(
                        new InitProducerIdResponseData().setProducerId(id).setProducerEpoch((short) 0));
            }
        });
    }

    private static InitProducerIdResponseData refusal(Errors error) {
        return new InitProducerIdResponseData()
                .setErrorCode(error.code())
                .setProducerId(-1)
                .setProducerEpoch((short) -1);
    }
}
