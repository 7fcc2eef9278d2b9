package dev.pabal.catalog;

import java.util.Comparator;

/** A name that is unique within a scope only: of a policy among its kind, of a parameter or an exchange in a virtual host. */
record ScopedName(String scope, String name) implements Comparable<ScopedName> {
    private static final Comparator<ScopedName> ORDER =
            Comparator.comparing(ScopedName::scope).thenComparing(ScopedName::name);

    @Override
    public int compareTo(ScopedName other) {
        return ORDER.compare(this, other);
    }
}
