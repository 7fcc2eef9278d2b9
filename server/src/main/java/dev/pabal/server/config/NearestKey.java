package dev.pabal.server.config;

import java.util.Collection;
import java.util.Optional;

/** Finds the key that somebody who mistyped one probably meant. */
final class NearestKey {
    private NearestKey() {}

    /** The candidate with the smallest edit distance to {@code typed}, or empty where none is near enough to be a help. */
    static Optional<String> of(String typed, Collection<String> candidates) {
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (String candidate : candidates) {
            int distance = distance(typed, candidate);
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        int near = Math.max(3, typed.length() / 2);
        return bestDistance <= near ? Optional.ofNullable(best) : Optional.empty();
    }

    /** Levenshtein distance, one row at a time. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
