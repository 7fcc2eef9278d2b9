package dev.pabal.kafka.admin;

import dev.pabal.kafka.KafkaRequest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData.UpdatableFeatureResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * Levels of features belong to the program and change with it: asking for the level that holds is no change and succeeds, any other is
 * refused.
 */
final class UpdateFeaturesHandler extends AdminHandler<UpdateFeaturesRequestData> {
    /** From here on the answer has no results of single features. */
    private static final short ONE_RESULT_SINCE = 2;

    private static final Map<String, Short> LEVELS = Map.of(
            MetadataVersion.FEATURE_NAME,
            MetadataVersion.LATEST_PRODUCTION.featureLevel(),
            Feature.GROUP_VERSION.featureName(),
            Feature.GROUP_VERSION.latestProduction());

    UpdateFeaturesHandler() {
        super(ApiKeys.UPDATE_FEATURES, UpdateFeaturesRequestData.class);
    }

    @Override
    CompletableFuture<UpdateFeaturesResponseData> serve(UpdateFeaturesRequestData body, KafkaRequest request) {
        UpdateFeaturesResponseData answer = new UpdateFeaturesResponseData().setErrorMessage(null);
        if (body.featureUpdates().isEmpty()) {
            return CompletableFuture.completedFuture(answer.setErrorCode(Errors.INVALID_REQUEST.code())
                    .setErrorMessage("Can not provide empty FeatureUpdates in the request."));
        }
        for (FeatureUpdateKey update : body.featureUpdates()) {
            Outcome outcome = outcome(update);
            if (request.version() < ONE_RESULT_SINCE) {
                answer.results()
                        .add(new UpdatableFeatureResult()
                                .setFeature(update.feature())
                                .setErrorCode(outcome.code())
                                .setErrorMessage(outcome.message()));
            } else if (!outcome.good()) {
                answer.setErrorCode(outcome.code()).setErrorMessage(outcome.message());
                break;
            }
        }
        return CompletableFuture.completedFuture(answer);
    }

    private static Outcome outcome(FeatureUpdateKey update) {
        Short level = LEVELS.get(update.feature());
        String asked = "Invalid update version " + update.maxVersionLevel() + " for feature " + update.feature() + ". ";
        if (level == null) {
            return Outcome.bad(
                    Errors.INVALID_UPDATE_VERSION, asked + "The controller does not support the given feature.");
        }
        return level == update.maxVersionLevel()
                ? Outcome.GOOD
                : Outcome.bad(
                        Errors.INVALID_UPDATE_VERSION,
                        asked + "This broker serves it at level " + level + " only; levels change with the program.");
    }
}
