package dev.pabal.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class QueryTest {
    @Test
    void anEncodedSlashStaysWithinItsSegment() {
        assertThat(Query.of("/api/queues/%2F/a%20b+c").segments()).containsExactly("api", "queues", "/", "a b+c");
        assertThat(Query.of("/api/queues/").segments()).containsExactly("api", "queues");
        assertThat(Query.of("/api/exchanges/v//publish").segments())
                .containsExactly("api", "exchanges", "v", "", "publish");
        assertThat(Query.of("/api/queues/%C3%A9").segments()).containsExactly("api", "queues", "é");
    }

    @Test
    void parametersAreDecodedOnce() {
        assertThat(Query.of("/api/q?name=a+b%2Bc&use_regex&x=1%25").parameters())
                .isEqualTo(Map.of("name", "a b+c", "use_regex", "", "x", "1%"));
    }

    @Test
    void whatIsNoEncodingIsRefused() {
        for (String wrong : new String[] {"/api/%", "/api/%2", "/api/%zz", "/api/q?a=%x1"}) {
            assertThatThrownBy(() -> Query.of(wrong)).as(wrong).isInstanceOf(ApiException.class);
        }
        assertThatThrownBy(() -> Query.of("/api/q?page=x").number("page", 1)).isInstanceOf(ApiException.class);
        assertThat(Query.of("/api/q?page=7").number("page", 1)).isEqualTo(7);
    }
}
