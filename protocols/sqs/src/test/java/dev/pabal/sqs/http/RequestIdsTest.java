package dev.pabal.sqs.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RequestIdsTest {
    @Test
    void eachIsAnotherInTheFormOfAUuid() {
        RequestIds ids = new RequestIds();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            String id = ids.next();
            assertThat(UUID.fromString(id)).hasToString(id);
            assertThat(seen.add(id)).isTrue();
        }
    }
}
