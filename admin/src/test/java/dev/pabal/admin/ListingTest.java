package dev.pabal.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.catalog.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ListingTest {
    private final List<Integer> rendered = new ArrayList<>();
    private final Listing<Integer> listing = new Listing<>(i -> String.format("n%06d", i), i -> {
        rendered.add(i);
        return CompletableFuture.completedFuture(Map.of("name", String.format("n%06d", i), "size", 100 - i % 100));
    });

    private static Call call(String query) {
        AdminRequest request = new AdminRequest("GET", "/api/x?" + query, null, null, true, new byte[0]);
        return new Call(request, Query.of(request.uri()), new User("u", "", "", List.of()), List.of());
    }

    private Answer answer(String query, int count) {
        return listing.answer(
                        call(query), List.of(IntStream.range(0, count).boxed().toList()))
                .join();
    }

    private static List<?> names(Answer answer) {
        Object items = answer.json() instanceof Map<?, ?> page ? page.get("items") : answer.json();
        return ((List<?>) items)
                .stream().map(item -> (Object) ((Map<?, ?>) item).get("name")).toList();
    }

    @Test
    void aPageRendersOnlyWhatIsOnIt() {
        Answer answer = answer("page=1000&page_size=3", 100_000);
        assertThat(names(answer)).isEqualTo(List.of("n002997", "n002998", "n002999"));
        assertThat(rendered).containsExactly(2997, 2998, 2999);
        assertThat(answer.json().toString()).contains("total_count=100000", "page_count=33334");
    }

    @Test
    void sortingByAFigureAsksForAllAndShowsThePage() {
        assertThat(names(answer("page=1&page_size=2&sort=size", 50))).isEqualTo(List.of("n000049", "n000048"));
        assertThat(rendered).hasSize(50);
        assertThat(names(answer("page=1&page_size=1&sort=size&sort_reverse=true", 50)))
                .isEqualTo(List.of("n000000"));
    }

    @Test
    void namesAreFilteredByPartOrExpression() {
        assertThat(names(answer("page=1&name=N00001&columns=name", 100))).hasSize(10);
        assertThat(names(answer("page=1&name=1%24&use_regex=true", 100))).hasSize(10);
        assertThat(names(answer("sort_reverse=true", 3))).isEqualTo(List.of("n000002", "n000001", "n000000"));
    }

    @Test
    void anExpressionThatGoesWildIsStopped() {
        Listing<String> names = Listing.of(name -> name, name -> Map.of("name", name));
        assertThatThrownBy(() -> names.answer(
                                call("page=1&use_regex=true&name=(a%7Caa)%2B(b)%5C2"),
                                List.of(List.of("a".repeat(60) + "b")))
                        .join())
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("simpler");
    }

    @Test
    void tooMuchAtOnceAndPagesThatAreNotThereAreRefused() {
        assertThatThrownBy(() -> answer("", Listing.MAX_UNPAGED + 1)).hasMessageContaining("pages");
        assertThatThrownBy(() -> answer("page=3&page_size=5", 10)).hasMessageContaining("out of range");
        assertThatThrownBy(() -> answer("page=1&page_size=501", 10)).isInstanceOf(ApiException.class);
    }

    @Test
    void aFailureOfOneIsTheFailureOfAll() {
        Listing<Integer> failing =
                new Listing<>(String::valueOf, i -> CompletableFuture.failedFuture(new IllegalStateException("gone")));
        assertThatThrownBy(() -> failing.answer(call(""), List.of(List.of(1))).join())
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("gone");
    }

    @Test
    void columnsLeadIntoObjects() {
        Map<String, Object> item = Map.of("a", 1, "stats", Map.of("x", Map.of("rate", 2.0), "y", 3));
        assertThat(Columns.of("a,stats.x.rate,stats.y,absent").of(item))
                .isEqualTo(Map.of("a", 1, "stats", Map.of("x", Map.of("rate", 2.0), "y", 3)));
        assertThat(Columns.at(item, "stats.x.rate")).isEqualTo(2.0);
        assertThat(Columns.of("").of(item)).isSameAs(item);
    }
}
