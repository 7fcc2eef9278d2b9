package dev.pabal.routing;

import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One of the bindings is chosen for each message. */
final class ChoiceBindings implements Bindings {
    private final Chooser chooser;
    private final Destinations all;
    /** Made when first needed; a race makes it twice, and either is right. */
    private @Nullable Candidates candidates;

    ChoiceBindings(Chooser chooser, Destinations all) {
        this.chooser = chooser;
        this.all = all;
    }

    /** How the one is found. */
    interface Chooser {
        /** @return the place of the chosen one among the candidates, of which there is at least one */
        int choose(Candidates candidates, Routed message, RandomGenerator random);
    }

    @Override
    public Bindings plus(BindingSpec binding) {
        return new ChoiceBindings(chooser, all.plus(binding));
    }

    @Override
    public Bindings minus(BindingSpec binding) {
        return new ChoiceBindings(chooser, all.minus(binding));
    }

    @Override
    public void match(Routed message, RandomGenerator random, Consumer<BindingSpec> visitor) {
        if (all.isEmpty()) {
            return;
        }
        Candidates now = candidates;
        if (now == null) {
            now = new Candidates(all.sorted());
            candidates = now;
        }
        visitor.accept(now.binding(chooser.choose(now, message, random)));
    }

    @Override
    public boolean isKeyed() {
        return false;
    }

    /** What can be chosen from, in an order of its own. */
    static final class Candidates {
        private static final double DEFAULT_WEIGHT = 1;

        private final BindingSpec[] bindings;
        private final long[] hashes;
        private final double[] weights;
        private final boolean equalWeights;

        Candidates(BindingSpec[] bindings) {
            this.bindings = bindings;
            this.hashes = new long[bindings.length];
            this.weights = new double[bindings.length];
            boolean equal = true;
            for (int i = 0; i < bindings.length; i++) {
                hashes[i] = KeyHash.of(bindings[i].kind() + " " + bindings[i].destination());
                weights[i] = weight(bindings[i].routingKey());
                equal &= weights[i] == weights[0];
            }
            this.equalWeights = equal;
        }

        private static double weight(String key) {
            return ExchangeTypes.isWeight(key) ? Integer.parseInt(key) : DEFAULT_WEIGHT;
        }

        BindingSpec binding(int index) {
            return bindings[index];
        }

        int size() {
            return bindings.length;
        }

        /**
         * Rendezvous: each candidate draws a lot from its own hash and the key's, the best wins. Where a candidate comes or goes, only the keys
         * that it wins or had won move.
         */
        int rendezvous(long keyHash) {
            int best = 0;
            double bestScore = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < bindings.length; i++) {
                long drawn = KeyHash.mix(hashes[i] ^ keyHash) >>> 11;
                double score = equalWeights ? drawn : weights[i] / -Math.log((drawn + 0.5) * 0x1p-53);
                if (score > bestScore) {
                    bestScore = score;
                    best = i;
                }
            }
            return best;
        }
    }
}
