package dev.pabal.sqs.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RealmTest {
    @Test
    void whatCanBeNoRegionOrNoAccountIsRefused() {
        for (String region : List.of("", "US-EAST-1", "us_east_1", "us.east", "a/b", "ü", "x".repeat(33))) {
            assertThat(Realm.isRegion(region, 0, region.length())).as(region).isFalse();
            assertThatThrownBy(() -> new Realm(region, "000000000000")).isInstanceOf(IllegalArgumentException.class);
        }
        for (String account : List.of("", "00000000000", "0000000000000", "00000000000a", "٠٠٠٠٠٠٠٠٠٠٠٠")) {
            assertThat(Realm.isAccount(account)).as(account).isFalse();
            assertThatThrownBy(() -> new Realm("us-east-1", account)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Realm.isRegion("x".repeat(32), 0, 32)).isTrue();
        assertThat(Realm.isRegion("A-b-1/", 1, 5)).as("a part of a text").isTrue();
        assertThat(Realm.isAccountAt("123456789012", -1)).isFalse();
        assertThat(Realm.isAccountAt("/123456789012/q", 1)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "us-east-1,aws",
        "eu-central-2,aws",
        "local,aws",
        "cn-north-1,aws-cn",
        "us-gov-west-1,aws-us-gov",
        "us-iso-east-1,aws-iso",
        "us-isob-east-1,aws-iso-b",
        "eu-isoe-west-1,aws-iso-e",
        "us-isof-south-1,aws-iso-f",
        "eusc-de-east-1,aws-eusc",
    })
    void anArnBeginsWithTheRegionsPartition(String region, String partition) {
        assertThat(new Realm(region, "123456789012").arn("q"))
                .isEqualTo("arn:" + partition + ":sqs:" + region + ":123456789012:q");
    }
}
