package dev.pabal.admin;

import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.VirtualHost;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** What definitions name, and what they refer to: so that a reference that leads nowhere is found before anything is made. For one thread. */
final class DefinedNames {
    private static final int MOST_TOLD = 5;

    private final CatalogImage image;
    /** As the texts below name them. */
    private final Set<String> defined = new HashSet<>();

    private final List<Reference> references = new ArrayList<>();

    private record Reference(String what, BooleanSupplier isThere) {}

    DefinedNames(CatalogImage image) {
        this.image = image;
    }

    private static String in(String vhost, String kind, String name) {
        return kind + " '" + name + "' in vhost '" + vhost + "'";
    }

    void vhost(String name) {
        defined.add("vhost '" + name + "'");
    }

    void user(String name) {
        defined.add("user '" + name + "'");
    }

    void queue(String vhost, String name) {
        usesVhost(vhost);
        defined.add(in(vhost, "queue", name));
    }

    void exchange(String vhost, String name) {
        usesVhost(vhost);
        defined.add(in(vhost, "exchange", name));
    }

    void usesVhost(String name) {
        uses("vhost '" + name + "'", () -> isVhost(name));
    }

    void usesUser(String name) {
        uses("user '" + name + "'", () -> image.user(name) != null);
    }

    /** A queue, or a topic where there is one of that name. */
    void usesQueue(String vhost, String name) {
        uses(
                in(vhost, "queue", name),
                () -> isVhost(vhost) && image.queue(vhost, name) != null
                        || vhost.equals(VirtualHost.DEFAULT) && image.topic(name) != null);
    }

    void usesExchange(String vhost, String name) {
        // Those that each virtual host has from the start are there once it is.
        uses(
                in(vhost, "exchange", name),
                () -> name.startsWith("amq.") || isVhost(vhost) && image.exchange(vhost, name) != null);
    }

    /** A topic, or the queue over it. */
    void usesTopic(String name) {
        String queue = in(VirtualHost.DEFAULT, "queue", name);
        uses("topic '" + name + "'", () -> image.topic(name) != null || defined.contains(queue));
    }

    private boolean isVhost(String name) {
        return image.vhost(name) != null;
    }

    private void uses(String what, BooleanSupplier isThere) {
        references.add(new Reference(what, isThere));
    }

    /** @throws ApiException where something is referred to that is neither there nor defined */
    void check() {
        List<String> missing = references.stream()
                .filter(one -> !defined.contains(one.what()) && !one.isThere().getAsBoolean())
                .map(Reference::what)
                .distinct()
                .limit(MOST_TOLD)
                .toList();
        if (!missing.isEmpty()) {
            throw ApiException.badRequest("The definitions refer to what is neither there nor defined: "
                    + String.join(", ", missing) + ". Nothing was imported.");
        }
    }
}
