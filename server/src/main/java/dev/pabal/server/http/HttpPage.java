package dev.pabal.server.http;

import java.nio.charset.StandardCharsets;

/**
 * What one path answers with.
 *
 * @param status HTTP status code
 * @param contentType media type of the body
 * @param body the body in UTF-8; of bounded size
 */
public record HttpPage(int status, String contentType, String body) {
    byte[] bytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    static HttpPage text(int status, String body) {
        return new HttpPage(status, "text/plain; charset=utf-8", body);
    }
}
