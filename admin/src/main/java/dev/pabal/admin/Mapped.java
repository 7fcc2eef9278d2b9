package dev.pabal.admin;

import java.util.AbstractCollection;
import java.util.Collection;
import java.util.Iterator;
import java.util.function.Function;

/** Another collection seen through a function, element by element, without a copy. */
final class Mapped<S, T> extends AbstractCollection<T> {
    private final Collection<S> source;
    private final Function<S, T> function;

    Mapped(Collection<S> source, Function<S, T> function) {
        this.source = source;
        this.function = function;
    }

    @Override
    public Iterator<T> iterator() {
        Iterator<S> each = source.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return each.hasNext();
            }

            @Override
            public T next() {
                return function.apply(each.next());
            }
        };
    }

    @Override
    public int size() {
        return source.size();
    }
}
