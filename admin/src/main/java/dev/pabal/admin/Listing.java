package dev.pabal.admin;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lists things as RabbitMQ's API does: whole, or one page of them, filtered by name, sorted, and with the wanted columns only.
 *
 * <p>Only what is shown is rendered, and the order of names is that of the catalog: a page costs what is on it, however much there is. To sort
 * by a figure, the figures of all are needed, and then all are asked for.
 *
 * @param <T> what is listed
 */
final class Listing<T> {
    /** Things that are shown at once where no page is asked for. */
    static final int MAX_UNPAGED = 20_000;

    private static final int DEFAULT_PAGE_SIZE = 100;
    private static final int MAX_PAGE_SIZE = 500;

    private final Function<T, String> name;
    private final Function<T, CompletableFuture<Map<String, Object>>> render;

    Listing(Function<T, String> name, Function<T, CompletableFuture<Map<String, Object>>> render) {
        this.name = name;
        this.render = render;
    }

    /** Of things whose rendering needs nothing to wait for. */
    static <T> Listing<T> of(Function<T, String> name, Function<T, Map<String, Object>> render) {
        return new Listing<>(name, item -> CompletableFuture.completedFuture(render.apply(item)));
    }

    /**
     * Answers a call.
     *
     * @param parts what is listed, in the order of names within each part
     */
    CompletableFuture<Answer> answer(Call call, List<? extends Collection<? extends T>> parts) {
        Query query = call.query();
        Columns columns = Columns.of(query.parameter("columns"));
        long total = parts.stream().mapToLong(Collection::size).sum();
        String sort = query.parameter("sort");
        boolean byFigure = sort != null && !sort.isEmpty() && !sort.equals("name");
        boolean paged = query.parameter("page") != null;
        if (!paged && total > MAX_UNPAGED) {
            throw ApiException.badRequest("There are " + total + " of them, more than the " + MAX_UNPAGED
                    + " that are listed at once: ask for pages (?page=1&page_size=100).");
        }
        Predicate<String> wanted = paged ? NameFilter.of(query) : any -> true;
        if (byFigure) {
            return Gather.all(filtered(parts, wanted), render).thenApply(all -> {
                all.sort(byField(sort, query.isTrue("sort_reverse")));
                return paged
                        ? page(query, total, all.size(), all, columns)
                        : Answer.ok(all.stream().map(columns::of).toList());
            });
        }
        return byName(query, parts, wanted, total, paged, columns);
    }

    private CompletableFuture<Answer> byName(
            Query query,
            List<? extends Collection<? extends T>> parts,
            Predicate<String> wanted,
            long total,
            boolean paged,
            Columns columns) {
        boolean reverse = query.isTrue("sort_reverse");
        boolean filters = !query.parameters().getOrDefault("name", "").isEmpty();
        if (!paged || reverse || filters || (parts.size() > 1 && query.parameter("sort") != null)) {
            List<T> all = filtered(parts, wanted);
            if (query.parameter("sort") != null || reverse) {
                Comparator<T> order = Comparator.comparing(name);
                all.sort(reverse ? order.reversed() : order);
            }
            if (!paged) {
                return Gather.all(all, render)
                        .thenApply(shown ->
                                Answer.ok(shown.stream().map(columns::of).toList()));
            }
            return rendered(query, total, all.size(), slice(query, all), columns);
        }
        return rendered(query, total, total, skip(query, parts, total), columns);
    }

    private CompletableFuture<Answer> rendered(Query query, long total, long filtered, List<T> slice, Columns columns) {
        return Gather.all(slice, render)
                .thenApply(shown -> envelope(
                        query, total, filtered, shown.stream().map(columns::of).toList()));
    }

    private List<T> filtered(List<? extends Collection<? extends T>> parts, Predicate<String> wanted) {
        List<T> all = new ArrayList<>();
        for (Collection<? extends T> part : parts) {
            for (T item : part) {
                if (wanted.test(name.apply(item))) {
                    all.add(item);
                }
            }
        }
        return all;
    }

    /** The page's items; those before it are passed over without a look. */
    private List<T> skip(Query query, List<? extends Collection<? extends T>> parts, long total) {
        int from = firstOf(query, total);
        int size = pageSize(query);
        List<T> slice = new ArrayList<>(size);
        int at = 0;
        for (Collection<? extends T> part : parts) {
            if (at + part.size() <= from) {
                at += part.size();
                continue;
            }
            for (T item : part) {
                if (at++ >= from) {
                    slice.add(item);
                    if (slice.size() == size) {
                        return slice;
                    }
                }
            }
        }
        return slice;
    }

    private static <E> List<E> slice(Query query, List<E> all) {
        int from = firstOf(query, all.size());
        return all.subList(from, Math.min(all.size(), from + pageSize(query)));
    }

    private static Answer page(Query query, long total, long filtered, List<Map<String, Object>> all, Columns columns) {
        return envelope(
                query,
                total,
                filtered,
                slice(query, all).stream().map(columns::of).toList());
    }

    private static int pageSize(Query query) {
        int size = query.number("page_size", DEFAULT_PAGE_SIZE);
        if (size > MAX_PAGE_SIZE) {
            throw ApiException.badRequest("A page has at most " + MAX_PAGE_SIZE + " items.");
        }
        return size;
    }

    private static int firstOf(Query query, long count) {
        int page = query.number("page", 1);
        long from = (page - 1L) * pageSize(query);
        if (page > 1 && from >= count) {
            throw new ApiException(
                    400,
                    "page_out_of_range",
                    "Page out of range, page: " + page + " page size: " + pageSize(query) + ", len: " + count);
        }
        return (int) from;
    }

    private static Answer envelope(Query query, long total, long filtered, List<Object> items) {
        int size = pageSize(query);
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("filtered_count", filtered);
        page.put("item_count", items.size());
        page.put("items", items);
        page.put("page", query.number("page", 1));
        page.put("page_count", Math.max(1, (filtered + size - 1) / size));
        page.put("page_size", size);
        page.put("total_count", total);
        return Answer.ok(page);
    }

    private static Comparator<Map<String, Object>> byField(String field, boolean reverse) {
        Comparator<Map<String, Object>> order = Comparator.comparing(item -> Columns.at(item, field), Listing::compare);
        return reverse ? order.reversed() : order;
    }

    /** Numbers by size, texts by letters, and what is missing first. */
    private static int compare(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Number a && right instanceof Number b) {
            return Double.compare(a.doubleValue(), b.doubleValue());
        }
        return text(left).compareTo(text(right));
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }
}
