package dev.pabal.broker;

import dev.pabal.broker.topology.PasswordHash;
import dev.pabal.catalog.CatalogChange;
import dev.pabal.catalog.Permission;
import dev.pabal.catalog.StoreIdentity;
import dev.pabal.catalog.User;
import dev.pabal.catalog.VirtualHost;
import java.util.ArrayList;
import java.util.List;

/** What a catalog begins with: the store, the virtual host {@code /}, and RabbitMQ's user {@code guest}, who comes in from loopback only. */
final class FirstChanges {
    private static final String GUEST = "guest";
    private static final String ALL = ".*";

    private FirstChanges() {}

    static List<CatalogChange> ofStore(StoreIdentity identity) {
        List<CatalogChange> changes = new ArrayList<>();
        changes.add(new CatalogChange.StoreCreated(identity));
        changes.addAll(ofVirtualHosts());
        return changes;
    }

    /** Also what a store of an earlier version lacks: its catalog never knew a virtual host. */
    static List<CatalogChange> ofVirtualHosts() {
        User guest = new User(
                GUEST,
                PasswordHash.sha256(GUEST, PasswordHash.newSalt()),
                PasswordHash.SHA256,
                List.of("administrator"));
        return List.of(
                new CatalogChange.VirtualHostSet(
                        new VirtualHost(VirtualHost.DEFAULT, "Default virtual host", List.of())),
                new CatalogChange.UserSet(guest),
                new CatalogChange.PermissionSet(new Permission(GUEST, VirtualHost.DEFAULT, ALL, ALL, ALL)));
    }
}
