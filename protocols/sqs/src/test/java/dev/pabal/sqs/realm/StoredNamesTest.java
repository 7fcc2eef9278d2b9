package dev.pabal.sqs.realm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StoredNamesTest {
    private static final Realm OWN = new Realm("us-east-1", "000000000000");

    private final StoredNames names = new StoredNames(OWN);

    @Test
    void theBrokersOwnQueuesKeepTheirNames() {
        for (String name : List.of("orders", "orders.fifo", "123456789012", "123456789012.fifo")) {
            assertThat(names.stored(new Realm("us-east-1", "000000000000"), name))
                    .isEqualTo(name);
            assertOwn(name);
        }
    }

    @Test
    void thoseOfOthersBeginWithAccountAndRegion() {
        for (Realm other : List.of(
                new Realm("eu-west-1", "000000000000"),
                new Realm("us-east-1", "123456789012"),
                new Realm("us-east-11", "000000000000"),
                new Realm("us-east-", "000000000000"),
                new Realm("a", "999999999999"))) {
            for (String name : List.of("orders", "orders.fifo", "123456789012.fifo", "f")) {
                String stored = names.stored(other, name);
                assertThat(stored).isEqualTo(other.account() + "." + other.region() + "." + name);
                assertThat(names.realm(stored)).isEqualTo(other);
                assertThat(names.name(stored)).isEqualTo(name);
                assertThat(names.isIn(other, stored)).isTrue();
                assertThat(names.isIn(OWN, stored)).isFalse();
            }
        }
    }

    @Test
    void whatIsNotOfThatFormIsTheBrokersOwn() {
        for (String name : List.of(
                "",
                ".",
                "a.b.c",
                "12345678901.eu-west-1.q",
                "1234567890123.eu-west-1.q",
                "12345678901x.eu-west-1.q",
                "123456789012",
                "123456789012.",
                "123456789012.eu-west-1",
                "123456789012.eu-west-1.",
                "123456789012..q",
                "123456789012.EU.q",
                "123456789012-eu-west-1.q",
                "123456789012." + "x".repeat(33) + ".q",
                "000000000000.us-east-1.q")) {
            assertOwn(name);
        }
    }

    private void assertOwn(String stored) {
        assertThat(names.realm(stored)).as(stored).isEqualTo(OWN);
        assertThat(names.name(stored)).isEqualTo(stored);
        assertThat(names.isIn(OWN, stored)).isTrue();
        assertThat(names.isIn(new Realm("eu-west-1", "123456789012"), stored)).isFalse();
    }
}
