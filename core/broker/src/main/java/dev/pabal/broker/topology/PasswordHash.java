package dev.pabal.broker.topology;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Passwords as RabbitMQ's definitions carry them: base 64 of
 *
 * <pre>
 *   +---------+---------------------------------+
 *   | salt    | hash of salt and password       |
 *   | 4 bytes | 32 (SHA-256) or 64 (SHA-512)    |
 *   +---------+---------------------------------+
 * </pre>
 */
public final class PasswordHash {
    /** Name of the default hash. */
    public static final String SHA256 = "rabbit_password_hashing_sha256";

    public static final String SHA512 = "rabbit_password_hashing_sha512";

    private static final int SALT_BYTES = 4;
    private static final SecureRandom RANDOM = new SecureRandom();

    private PasswordHash() {}

    public static byte[] newSalt() {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return salt;
    }

    /** The stored form of a password. */
    public static String sha256(String password, byte[] salt) {
        byte[] hash = hash("SHA-256", salt, password);
        byte[] stored = new byte[SALT_BYTES + hash.length];
        System.arraycopy(salt, 0, stored, 0, SALT_BYTES);
        System.arraycopy(hash, 0, stored, SALT_BYTES, hash.length);
        return Base64.getEncoder().encodeToString(stored);
    }

    /**
     * Whether the password is the one that was stored. Takes the same time whichever byte differs.
     *
     * @param hashing {@link #SHA256} or {@link #SHA512}; no password matches another
     * @param stored the stored form; no password matches one that is empty or no base 64
     */
    public static boolean matches(String hashing, String stored, String password) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(stored);
        } catch (IllegalArgumentException e) {
            bytes = new byte[0];
        }
        byte[] salt = new byte[SALT_BYTES];
        System.arraycopy(bytes, 0, salt, 0, Math.min(SALT_BYTES, bytes.length));
        // Hashed in any case, so that the time says nothing about the user.
        byte[] hash = hash(hashing.equals(SHA512) ? "SHA-512" : "SHA-256", salt, password);
        byte[] wanted = new byte[Math.max(0, bytes.length - SALT_BYTES)];
        System.arraycopy(bytes, bytes.length - wanted.length, wanted, 0, wanted.length);
        return (hashing.equals(SHA256) || hashing.equals(SHA512)) && MessageDigest.isEqual(hash, wanted);
    }

    /** Whether a stored form is one that {@link #matches} can compare with, or empty, for a user that no password lets in. */
    public static boolean isValid(String hashing, String stored) {
        int size = hashing.equals(SHA256) ? 32 : hashing.equals(SHA512) ? 64 : -1;
        try {
            int bytes = Base64.getDecoder().decode(stored).length;
            return size > 0 && (bytes == 0 || bytes == SALT_BYTES + size);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static byte[] hash(String algorithm, byte[] salt, String password) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(salt);
            return digest.digest(password.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
