package dev.pabal.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A binding's key is a pattern of words between dots; {@code *} stands for one word, {@code #} for any number of them, none too.
 *
 * <p>All patterns are followed at once, word by word. The cost grows with the patterns that begin as the key does, not with the others; and
 * as no place is looked at twice for one word, patterns of many {@code #} do not make it explode.
 */
record TopicBindings(TrieNode root) implements Bindings {
    private static final String[] NO_WORDS = {};

    @Override
    public Bindings plus(BindingSpec binding) {
        return new TopicBindings(root.plus(split(binding.routingKey()), 0, binding));
    }

    @Override
    public Bindings minus(BindingSpec binding) {
        return new TopicBindings(root.minus(split(binding.routingKey()), 0, binding));
    }

    /** The words of a key: none in an empty one, and empty ones beside a dot that has nothing before or behind it. */
    static String[] split(String key) {
        if (key.isEmpty()) {
            return NO_WORDS;
        }
        int dots = 0;
        for (int i = 0; i < key.length(); i++) {
            if (key.charAt(i) == '.') {
                dots++;
            }
        }
        String[] words = new String[dots + 1];
        int from = 0;
        for (int i = 0; i < dots; i++) {
            int dot = key.indexOf('.', from);
            words[i] = key.substring(from, dot);
            from = dot + 1;
        }
        words[dots] = key.substring(from);
        return words;
    }

    @Override
    public void match(Routed message, RandomGenerator random, Consumer<BindingSpec> visitor) {
        Places places = new Places();
        places.add(root);
        for (String word : split(message.routingKey())) {
            places = places.after(word);
            if (places.isEmpty()) {
                return;
            }
        }
        places.show(visitor);
    }

    @Override
    public boolean isKeyed() {
        return true;
    }

    /** Where the patterns stand after some words. */
    private static final class Places {
        private final List<TrieNode> plain = new ArrayList<>();
        /** Those behind a {@code #}, which stay where they are whatever word comes. */
        private final List<TrieNode> afterHash = new ArrayList<>(2);

        /** A place, and those that can be reached from it without a word. */
        void add(TrieNode place) {
            plain.add(place);
            addBehindHash(place);
        }

        private void addBehindHash(TrieNode place) {
            TrieNode behind = place.hash();
            // It may be here already, because it stayed: each place has one way in, so it is the only one that can come
            // twice.
            if (behind != null && !holdsBehindHash(behind)) {
                afterHash.add(behind);
                addBehindHash(behind);
            }
        }

        private boolean holdsBehindHash(TrieNode place) {
            for (TrieNode each : afterHash) {
                if (each == place) {
                    return true;
                }
            }
            return false;
        }

        Places after(String word) {
            Places next = new Places();
            next.afterHash.addAll(afterHash);
            for (TrieNode place : plain) {
                next.step(place, word);
            }
            for (TrieNode place : afterHash) {
                next.step(place, word);
            }
            return next;
        }

        private void step(TrieNode place, String word) {
            TrieNode same = place.words().get(word);
            if (same != null) {
                add(same);
            }
            TrieNode any = place.star();
            if (any != null) {
                add(any);
            }
        }

        boolean isEmpty() {
            return plain.isEmpty() && afterHash.isEmpty();
        }

        void show(Consumer<BindingSpec> visitor) {
            plain.forEach(place -> place.here().forEach(visitor));
            afterHash.forEach(place -> place.here().forEach(visitor));
        }
    }
}
