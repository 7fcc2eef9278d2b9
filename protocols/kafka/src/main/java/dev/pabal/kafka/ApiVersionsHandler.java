package dev.pabal.kafka;

import dev.pabal.broker.Broker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKeyCollection;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKeyCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Says which APIs and versions are served: those of the handlers, neither more nor less, with the features that follow from them.
 *
 * <p>Sources: KIP-511 (unknown versions), KIP-584 (features), KIP-1242 (the client names cluster and node that it means to reach).
 */
final class ApiVersionsHandler implements ApiHandler {
    private final Broker broker;
    private final List<ApiVersion> served = new ArrayList<>();
    private final List<FeatureLevel> features;

    ApiVersionsHandler(Broker broker, Collection<ApiHandler> others) {
        this.broker = broker;
        for (ApiHandler handler : others) {
            // Kafka announces Produce from 0 although it serves from 3: old librdkafka takes compression from that
            // (KAFKA-18659).
            boolean fromZero = handler.apiKey() == ApiKeys.PRODUCE;
            serve(
                    handler.apiKey(),
                    fromZero ? ApiKeys.PRODUCE_API_VERSIONS_RESPONSE_MIN_VERSION : handler.minVersion(),
                    handler.maxVersion());
        }
        serve(apiKey(), minVersion(), maxVersion());
        served.sort((a, b) -> Short.compare(a.apiKey(), b.apiKey()));
        Set<ApiKeys> keys = others.stream().map(ApiHandler::apiKey).collect(Collectors.toSet());
        features = FeatureLevel.ALL.stream()
                .filter(feature -> feature.api() == null || keys.contains(feature.api()))
                .toList();
    }

    private void serve(ApiKeys key, short min, short max) {
        served.add(new ApiVersion().setApiKey(key.id).setMinVersion(min).setMaxVersion(max));
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.API_VERSIONS;
    }

    @Override
    public void handle(KafkaRequest request) {
        short version = request.version();
        if (version < minVersion() || version > maxVersion()) {
            ApiVersionCollection own = new ApiVersionCollection();
            own.add(new ApiVersion()
                    .setApiKey(apiKey().id)
                    .setMinVersion(minVersion())
                    .setMaxVersion(maxVersion()));
            request.respond(new ApiVersionsResponseData()
                    .setErrorCode(Errors.UNSUPPORTED_VERSION.code())
                    .setApiKeys(own));
            return;
        }
        ApiVersionsRequestData asked = (ApiVersionsRequestData) request.body();
        Errors error = check(asked, version);
        if (error != Errors.NONE) {
            request.respond(new ApiVersionsResponseData().setErrorCode(error.code()));
            return;
        }
        request.respond(answer(version));
    }

    private Errors check(ApiVersionsRequestData asked, short version) {
        if (version >= 3 && !(isName(asked.clientSoftwareName()) && isName(asked.clientSoftwareVersion()))) {
            return Errors.INVALID_REQUEST;
        }
        boolean otherCluster = asked.clusterId() != null
                && !asked.clusterId().isEmpty()
                && !asked.clusterId().equals(broker.clusterId());
        boolean otherNode = asked.nodeId() >= 0 && asked.nodeId() != broker.nodeId();
        return otherCluster || otherNode ? Errors.REBOOTSTRAP_REQUIRED : Errors.NONE;
    }

    /** The form that KIP-511 allows for names and versions of client software: {@code [a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?}. */
    private static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            boolean inside = i > 0 && i < text.length() - 1 && (c == '-' || c == '.');
            if (!letterOrDigit && !inside) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private ApiVersionsResponseData answer(short version) {
        ApiVersionCollection apis = new ApiVersionCollection(served.size());
        served.forEach(api -> apis.add(api.duplicate()));
        SupportedFeatureKeyCollection supported = new SupportedFeatureKeyCollection();
        FinalizedFeatureKeyCollection levels = new FinalizedFeatureKeyCollection();
        for (FeatureLevel feature : features) {
            // KAFKA-17011: before version 4 a smallest level of 0 cannot be said, and the feature is left out.
            if (feature.min() > 0 || version >= 4) {
                supported.add(new SupportedFeatureKey()
                        .setName(feature.name())
                        .setMinVersion(feature.min())
                        .setMaxVersion(feature.max()));
            }
            levels.add(new FinalizedFeatureKey()
                    .setName(feature.name())
                    .setMinVersionLevel(feature.max())
                    .setMaxVersionLevel(feature.max()));
        }
        return new ApiVersionsResponseData()
                .setApiKeys(apis)
                .setSupportedFeatures(supported)
                .setFinalizedFeaturesEpoch(0)
                .setFinalizedFeatures(levels);
    }
}
