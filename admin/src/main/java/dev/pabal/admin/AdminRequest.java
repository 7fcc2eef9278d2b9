package dev.pabal.admin;

import org.jspecify.annotations.Nullable;

/**
 * A request as the listener received it.
 *
 * @param method such as {@code GET}; in capitals
 * @param uri path and query as sent, still percent-encoded
 * @param authorization the header of that name, null where absent
 * @param reason the header {@code X-Reason}, null where absent
 * @param loopback whether the peer's address is
 * @param body its bytes, whole; at most what {@link AdminApi#maxBodyBytes} allows
 */
public record AdminRequest(
        String method,
        String uri,
        @Nullable String authorization,
        @Nullable String reason,
        boolean loopback,
        byte[] body) {}
