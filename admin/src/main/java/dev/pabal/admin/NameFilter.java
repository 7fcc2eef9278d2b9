package dev.pabal.admin;

import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The filter {@code name=...} of a listing: a part of the name, or with {@code use_regex=true} an expression that is searched for. */
final class NameFilter {
    private static final int MAX_PATTERN = 1024;
    /** Looks at single characters that one name may take: an expression that goes wild is stopped. */
    private static final int MAX_STEPS = 100_000;

    private NameFilter() {}

    static Predicate<String> of(Query query) {
        String text = query.parameters().getOrDefault("name", "");
        if (text.isEmpty()) {
            return any -> true;
        }
        if (!query.isTrue("use_regex")) {
            String lower = text.toLowerCase(Locale.ROOT);
            return name -> name.toLowerCase(Locale.ROOT).contains(lower);
        }
        if (text.length() > MAX_PATTERN) {
            throw ApiException.badRequest("An expression has at most " + MAX_PATTERN + " characters.");
        }
        try {
            Pattern pattern = Pattern.compile(text);
            return name ->
                    pattern.matcher(new Bounded(name, new int[] {MAX_STEPS})).find();
        } catch (PatternSyntaxException e) {
            throw ApiException.badRequest("The name is no regular expression: " + e.getDescription());
        }
    }

    /** A text that may be looked at so often, and then no more. */
    private record Bounded(String text, int[] stepsLeft) implements CharSequence {
        @Override
        public char charAt(int index) {
            if (stepsLeft[0]-- <= 0) {
                throw ApiException.badRequest("The expression takes too long; make it simpler.");
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Bounded(text.substring(start, end), stepsLeft);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
