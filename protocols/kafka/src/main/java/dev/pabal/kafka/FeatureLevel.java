package dev.pabal.kafka;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/**
 * A feature and the levels of it that clients are told of (KIP-584). Levels belong to the program and change with it.
 *
 * @param min the lowest level that is known
 * @param max the level that holds
 * @param api the API that the feature stands for: it is offered where that is served; null = always
 */
public record FeatureLevel(String name, short min, short max, @Nullable ApiKeys api) {
    /** All of them. */
    public static final List<FeatureLevel> ALL = List.of(
            new FeatureLevel(
                    MetadataVersion.FEATURE_NAME,
                    MetadataVersion.MINIMUM_VERSION.featureLevel(),
                    MetadataVersion.LATEST_PRODUCTION.featureLevel(),
                    null),
            new FeatureLevel(
                    Feature.GROUP_VERSION.featureName(),
                    (short) 0,
                    Feature.GROUP_VERSION.latestProduction(),
                    ApiKeys.CONSUMER_GROUP_HEARTBEAT));

    private static final Map<String, FeatureLevel> BY_NAME =
            ALL.stream().collect(Collectors.toUnmodifiableMap(FeatureLevel::name, Function.identity()));

    /** Finds one; null where there is none of that name. */
    public static @Nullable FeatureLevel find(String name) {
        return BY_NAME.get(name);
    }
}
