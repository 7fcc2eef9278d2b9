package dev.pabal.kafka.admin;

import dev.pabal.kafka.FeatureLevel;
import dev.pabal.kafka.KafkaRequest;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData.UpdatableFeatureResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Levels of features belong to the program and change with it: asking for the level that holds is no change and succeeds, any other is
 * refused.
 */
final class UpdateFeaturesHandler extends AdminHandler<UpdateFeaturesRequestData> {
    /** From here on the answer has no results of single features. */
    private static final short ONE_RESULT_SINCE = 2;

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
        FeatureLevel level = FeatureLevel.find(update.feature());
        String asked = "Invalid update version " + update.maxVersionLevel() + " for feature " + update.feature() + ". ";
        if (level == null) {
            return Outcome.bad(
                    Errors.INVALID_UPDATE_VERSION, asked + "The controller does not support the given feature.");
        }
        return level.max() == update.maxVersionLevel()
                ? Outcome.GOOD
                : Outcome.bad(
                        Errors.INVALID_UPDATE_VERSION,
                        asked + "This broker serves it at level " + level.max()
                                + " only; levels change with the program.");
    }
}
