package dev.pabal.catalog;

import org.jspecify.annotations.Nullable;

/** The changes of users, of what they may do, and of parameters: kinds 19 to 26 of {@link CatalogCodec}. */
final class AccountCodec {
    private AccountCodec() {}

    /** Writes kind and fields; false where the change is of none of these kinds. */
    static boolean write(CatalogChange change, ChangeOut out) {
        if (change instanceof CatalogChange.UserSet c) {
            User u = c.user();
            out.kind(19).text(u.name()).text(u.passwordHash()).text(u.hashing()).texts(u.tags());
        } else if (change instanceof CatalogChange.UserDeleted c) {
            out.kind(20).text(c.name());
        } else if (change instanceof CatalogChange.PermissionSet c) {
            Permission p = c.permission();
            out.kind(21).text(p.user()).text(p.vhost());
            out.text(p.configure()).text(p.write()).text(p.read());
        } else if (change instanceof CatalogChange.PermissionDeleted c) {
            out.kind(22).text(c.user()).text(c.vhost());
        } else if (change instanceof CatalogChange.TopicPermissionSet c) {
            TopicPermission p = c.permission();
            out.kind(23).text(p.user()).text(p.vhost()).text(p.exchange());
            out.text(p.write()).text(p.read());
        } else if (change instanceof CatalogChange.TopicPermissionDeleted c) {
            out.kind(24).text(c.user()).text(c.vhost()).text(c.exchange());
        } else if (change instanceof CatalogChange.ParameterSet c) {
            Parameter p = c.parameter();
            out.kind(25).text(p.component()).text(p.vhost()).text(p.name()).arguments(p.value());
        } else if (change instanceof CatalogChange.ParameterDeleted c) {
            out.kind(26).text(c.component()).text(c.vhost()).text(c.name());
        } else {
            return false;
        }
        return true;
    }

    /** Reads the fields; null where the kind is none of these. */
    static @Nullable CatalogChange read(byte kind, ChangeIn in) {
        return switch (kind) {
            case 19 -> new CatalogChange.UserSet(new User(in.text(), in.text(), in.text(), in.texts()));
            case 20 -> new CatalogChange.UserDeleted(in.text());
            case 21 ->
                new CatalogChange.PermissionSet(new Permission(in.text(), in.text(), in.text(), in.text(), in.text()));
            case 22 -> new CatalogChange.PermissionDeleted(in.text(), in.text());
            case 23 ->
                new CatalogChange.TopicPermissionSet(
                        new TopicPermission(in.text(), in.text(), in.text(), in.text(), in.text()));
            case 24 -> new CatalogChange.TopicPermissionDeleted(in.text(), in.text(), in.text());
            case 25 -> new CatalogChange.ParameterSet(new Parameter(in.text(), in.text(), in.text(), in.arguments()));
            case 26 -> new CatalogChange.ParameterDeleted(in.text(), in.text(), in.text());
            default -> null;
        };
    }
}
