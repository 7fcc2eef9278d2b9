package dev.pabal.catalog;

import java.util.List;

/**
 * Somebody who may log in.
 *
 * @param name unique
 * @param passwordHash as RabbitMQ's management API exports it: base 64 of four bytes of salt and the hash of salt and password; empty where no
 *     password lets in
 * @param hashing the hash's name there: {@code rabbit_password_hashing_sha256} or {@code rabbit_password_hashing_sha512}
 * @param tags what the user may do beyond the permissions ({@code administrator}, {@code monitoring}, {@code impersonator}, ...)
 */
public record User(String name, String passwordHash, String hashing, List<String> tags) {
    public User {
        tags = List.copyOf(tags);
    }
}
