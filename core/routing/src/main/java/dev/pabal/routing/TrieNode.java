package dev.pabal.routing;

import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * A place in the trie of topic patterns, reached by the words before it. Immutable: a change makes new nodes along one path only.
 *
 * @param here bindings whose pattern ends here
 * @param words the next word, where it is neither {@code *} nor {@code #}
 * @param star the place behind a {@code *}, which stands for one word
 * @param hash the place behind a {@code #}, which stands for any number of words
 */
record TrieNode(Destinations here, PMap<String, TrieNode> words, @Nullable TrieNode star, @Nullable TrieNode hash) {

    static final TrieNode EMPTY = new TrieNode(Destinations.NONE, HashTreePMap.empty(), null, null);

    /** @param at the first word of the pattern that is still to be gone */
    TrieNode plus(String[] pattern, int at, BindingSpec binding) {
        if (at == pattern.length) {
            return new TrieNode(here.plus(binding), words, star, hash);
        }
        String word = pattern[at];
        TrieNode next = child(word);
        return with(word, (next == null ? EMPTY : next).plus(pattern, at + 1, binding));
    }

    /** As {@link #plus}; places that hold nothing any more are taken away. */
    TrieNode minus(String[] pattern, int at, BindingSpec binding) {
        if (at == pattern.length) {
            return new TrieNode(here.minus(binding), words, star, hash);
        }
        String word = pattern[at];
        TrieNode next = child(word);
        if (next == null) {
            return this;
        }
        TrieNode rest = next.minus(pattern, at + 1, binding);
        return with(word, rest.isEmpty() ? null : rest);
    }

    private @Nullable TrieNode child(String word) {
        return switch (word) {
            case "*" -> star;
            case "#" -> hash;
            default -> words.get(word);
        };
    }

    private TrieNode with(String word, @Nullable TrieNode next) {
        return switch (word) {
            case "*" -> new TrieNode(here, words, next, hash);
            case "#" -> new TrieNode(here, words, star, next);
            default -> new TrieNode(here, next == null ? words.minus(word) : words.plus(word, next), star, hash);
        };
    }

    private boolean isEmpty() {
        return here.isEmpty() && words.isEmpty() && star == null && hash == null;
    }
}
